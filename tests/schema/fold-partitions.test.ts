import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldPartitions, parseModel, type Table } from '../../src/schema/index.js';

const GOLDEN = join(import.meta.dirname, '../catalog/goldens/everything.json');
const MODEL = parseModel(readFileSync(GOLDEN, 'utf8'), GOLDEN);
const FOLDED = foldPartitions(MODEL);

function named(tables: readonly Table[], name: string): Table {
  return tables.find((table) => table.name === name)!;
}

test('partitions are inside their table, at every level, and nowhere else', () => {
  const names = FOLDED.tables.map(({ name }) => name);
  expect(names).toEqual(MODEL.tables.map(({ name }) => name).filter((name) => !name.startsWith('events_')));
  const { partitions = [] } = named(FOLDED.tables, 'events');
  expect(partitions.map(({ name }) => name)).toEqual(['events_2025', 'events_2026', 'events_rest']);
  expect(named(partitions, 'events_2026').partitions?.map(({ name }) => name)).toEqual(['events_2026_a']);
});

test('a partition keeps its bound and what it has of its own, and nothing that its table implies', () => {
  const { partitions = [] } = named(FOLDED.tables, 'events');
  expect(named(partitions, 'events_2025')).toMatchObject({
    partitionOf: { bound: "FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')" },
    columns: [],
    constraints: [],
    indexes: [],
    triggers: [],
  });
  expect(named(partitions, 'events_rest')).toMatchObject({
    columns: [{ name: 'kind', default: "'rest'::text" }],
    indexes: [{ name: 'events_rest_at_idx' }],
  });
});

test('tables without partitions are left as they are', () => {
  expect(named(FOLDED.tables, 'organizations')).toBe(named(MODEL.tables, 'organizations'));
});

test('a partition whose table is not in the model stands for itself', () => {
  const events2025 = named(MODEL.tables, 'events_2025');
  expect(foldPartitions({ ...MODEL, tables: [events2025] }).tables).toEqual([events2025]);
});
