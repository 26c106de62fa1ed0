import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressText, foldPartitions, objectsOf, parseModel } from '../../src/schema/index.js';

const GOLDEN = join(import.meta.dirname, '../catalog/goldens/everything.json');
const MODEL = parseModel(readFileSync(GOLDEN, 'utf8'), GOLDEN);

test('no two objects have the same address, and each comes after what it is a part of', () => {
  const seen = new Set<string>();
  for (const object of objectsOf(MODEL)) {
    expect(seen).not.toContain(addressText(object));
    expect(object.parent === undefined || seen.has(addressText(object.parent))).toBe(true);
    seen.add(addressText(object));
  }
  expect(seen).toContain('column app.organizations.name');
  expect(seen).toContain('routine app.add(integer, integer)');
  expect(seen).toContain('attribute app.money_amount.currency');
});

test('every object with a name of its own in the model is visited', () => {
  const visited = new Set([...objectsOf(MODEL)].map(({ object }) => object));
  const kinds = new Set([...objectsOf(MODEL)].map(({ kind }) => kind));
  expect(kinds.size).toBe(22);
  expect(objectsWithKind(MODEL).filter((object) => object !== MODEL && !visited.has(object))).toEqual([]);
});

test('partitions have the same address whether they are folded or not', () => {
  const addresses = [...objectsOf(foldPartitions(MODEL))].map(addressText);
  expect(addresses).toContain('table app.events_2026_a');
});

function objectsWithKind(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inside = Object.values(value).flatMap(objectsWithKind);
  return 'kind' in value && !Array.isArray(value) ? [value, ...inside] : inside;
}
