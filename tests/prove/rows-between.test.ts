import { expect, test } from 'vitest';
import type { CapturedRow, CapturedRows } from '../../src/prove/fingerprint/capture-rows.js';
import { rowsBetween, tablesWithSameKey } from '../../src/prove/rows-between.js';

function captured(
  columns: string[],
  rows: CapturedRow[],
  keyColumns: readonly string[] = ['id'],
): CapturedRows {
  return {
    tables: [
      { schema: 'public', name: 'builds', columns, key: keyColumns[0] ? keyColumns : undefined, rows },
    ],
  };
}

const BEFORE = captured(['id', 'plan'], [['1', null], ['2', 'b'], ['3', 'c']]); // biome-ignore format: rows
const AFTER = captured(['id', 'private_plan'], [['1', null], ['2', 'b'], ['3', 'c']]); // biome-ignore format: rows

test('rows that were changed or deleted since are not asked for, whatever their columns are called', () => {
  const then = captured(['id', 'private_plan'], [['1', 'new'], ['2', 'b'], ['4', 'd']]); // biome-ignore format: rows
  const { untouched, written } = rowsBetween(BEFORE, AFTER, then);
  expect(untouched.tables[0]!.rows).toEqual([['2', 'b']]);
  expect(written.get('public.builds')).toBe(2);
});

test('of equal rows without a key as many are left out as were changed', () => {
  const before = captured(['line'], [['x'], ['x'], ['y']], []);
  const then = captured(['line'], [['x'], ['y'], ['z']], []);
  const { untouched, written } = rowsBetween(before, before, then);
  expect(untouched.tables[0]!.rows).toEqual([['x'], ['y']]);
  expect(written.get('public.builds')).toBe(1);
});

test('a table that is gone by then is not asked for, and one that is new counts as written', () => {
  const gone: CapturedRows = { tables: [] };
  expect(rowsBetween(BEFORE, AFTER, gone).untouched.tables[0]!.rows).toEqual([]);
  expect(rowsBetween(gone, gone, AFTER).written.get('public.builds')).toBe(3);
});

test('rows may be touched only where a key tells them apart on both sides', () => {
  expect([...tablesWithSameKey(BEFORE, AFTER)]).toEqual(['public.builds']);
  expect([...tablesWithSameKey(BEFORE, captured(['id', 'plan'], [], ['plan']))]).toEqual([]);
  expect([...tablesWithSameKey(captured(['id'], [], []), captured(['id'], [], []))]).toEqual([]);
});
