import { describe, expect, test } from 'vitest';
import type { CapturedRows, CapturedTable } from '../../../src/prove/fingerprint/capture-rows.js';
import { diffRows } from '../../../src/prove/fingerprint/diff-rows.js';

function table(
  name: string,
  columns: readonly string[],
  key: readonly string[] | undefined,
  rows: CapturedTable['rows'],
): CapturedTable {
  return { schema: 'public', name, columns, key, rows };
}

const of = (...tables: readonly CapturedTable[]): CapturedRows => ({ tables });

describe('diffRows', () => {
  test('finds lost, added and changed rows by the key, and shows the shortest loss', () => {
    const before = of(
      table(
        't',
        ['id', 'v'],
        ['id'],
        [
          ['1', 'a'],
          ['2', 'b'],
          ['30', 'a longer text'],
        ],
      ),
    );
    const after = of(
      table(
        't',
        ['id', 'v'],
        ['id'],
        [
          ['2', 'c'],
          ['4', 'd'],
        ],
      ),
    );
    expect(diffRows(before, after)).toEqual({
      tables: [
        {
          schema: 'public',
          name: 't',
          table: undefined,
          rowsLost: 2,
          rowsAdded: 1,
          cellsChanged: 1,
          columnsLost: [],
          columnsAdded: [],
          example: { kind: 'lost row', row: { id: '1', v: 'a' } },
        },
      ],
      isLossless: false,
      isEmpty: false,
      rowsCompared: 1,
      cellsCompared: 2,
    });
  });

  test('matches rows without a key by what they hold, as often as they stand there', () => {
    const before = of(table('t', ['v'], undefined, [['a'], ['a'], [null]]));
    const after = of(table('t', ['v'], undefined, [[null], ['a']]));
    expect(diffRows(before, after).tables).toMatchObject([
      { rowsLost: 1, rowsAdded: 0, example: { row: { v: 'a' } } },
    ]);
    expect(diffRows(after, before)).toMatchObject({ isLossless: true, isEmpty: false });
  });

  test('tells a lost column by the values that were in it', () => {
    const before = of(
      table(
        't',
        ['id', 'v'],
        ['id'],
        [
          ['1', null],
          ['2', 'b'],
        ],
      ),
    );
    const after = of(table('t', ['id'], ['id'], [['1'], ['2']]));
    expect(diffRows(before, after)).toMatchObject({
      isLossless: false,
      tables: [
        {
          columnsLost: [{ name: 'v', values: 1 }],
          example: { kind: 'lost cell', row: { id: '2' }, column: 'v', before: 'b' },
        },
      ],
    });
    const empty = of(table('t', ['id', 'v'], ['id'], [['1', null]]));
    expect(diffRows(empty, of(table('t', ['id'], ['id'], [['1']])))).toMatchObject({
      isLossless: true,
      isEmpty: false,
    });
  });

  test('tells tables that are on one side only', () => {
    const full = of(table('t', ['id'], ['id'], [['1']]));
    expect(diffRows(full, of())).toMatchObject({
      isLossless: false,
      tables: [{ table: 'lost', rowsLost: 1 }],
    });
    expect(diffRows(of(), full)).toMatchObject({
      isLossless: true,
      tables: [{ table: 'added', rowsAdded: 1 }],
    });
    expect(diffRows(of(table('t', ['id'], ['id'], [])), of())).toMatchObject({
      isLossless: true,
      isEmpty: false,
    });
  });

  test('matches by a key that both sides have, though only one calls it so', () => {
    const before = of(table('t', ['id', 'v'], undefined, [['1', 'a']]));
    const after = of(table('t', ['id', 'v'], ['id'], [['1', 'b']]));
    expect(diffRows(before, after).tables).toMatchObject([{ rowsLost: 0, cellsChanged: 1 }]);
  });
});
