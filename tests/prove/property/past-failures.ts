import type { Sequence } from './sequence.js';

/** Sequences that have lost something once. */
export const PAST_FAILURES: readonly Sequence[] = [
  // A new column is filled, its type made anew: no old value to keep, and a statement without a condition.
  {
    tables: [14, 29],
    migrations: [[{ kind: 'narrowEnum', table: 0, column: 8, variant: 2 }]],
    seed: 386_781,
  },
  // What tells the rows apart is gone when the dropped column is to be put back.
  { tables: [6], migrations: [[{ kind: 'moveColumn', table: 1, column: 10, variant: 5 }]], seed: 0 },
  // A foreign key to a partitioned table is one more for each partition.
  { tables: [3, 35], migrations: [[{ kind: 'dropTable', table: 3, column: 1, variant: 1 }]], seed: 884_485 },
  // A column that the same script adds is no help in telling rows apart.
  {
    tables: [13],
    migrations: [
      [
        { kind: 'narrowEnum', table: 0, column: 3, variant: 37 },
        { kind: 'dropColumn', table: 8, column: 5, variant: 25 },
      ],
    ],
    seed: 120_799,
  },
  // Every column of a table without a key changes its type.
  { tables: [6], migrations: [[{ kind: 'changeType', table: 0, column: 0, variant: 30 }]], seed: 121_709 },
  // A partition that the down makes goes with its table.
  {
    tables: [32],
    migrations: [
      [
        { kind: 'createTable', table: 2, column: 0, variant: 3 },
        { kind: 'dropPartition', table: 1, column: 1, variant: 19 },
      ],
    ],
    seed: 677_500,
  },
  // A row that one script updates, and a cascade of a later statement removes: what was done last is undone first.
  {
    tables: [14, 17, 36],
    migrations: [
      [{ kind: 'dropTable', table: 5, column: 9, variant: 32 }],
      [
        { kind: 'renameTable', table: 2, column: 9, variant: 38 },
        { kind: 'updateRows', table: 2, column: 10, variant: 18 },
        { kind: 'renameColumn', table: 6, column: 7, variant: 23 },
      ],
      [
        { kind: 'requireValues', table: 1, column: 5, variant: 15 },
        { kind: 'deleteRows', table: 6, column: 3, variant: 36 },
      ],
      [
        { kind: 'createTable', table: 7, column: 8, variant: 13 },
        { kind: 'truncateTable', table: 4, column: 8, variant: 40 },
      ],
    ],
    seed: 2,
  },
  // A column that one script narrows, copies and drops, with rows written in between: what was left over from the
  // rollback before took the place of what was newer.
  {
    tables: [39],
    migrations: [
      [
        { kind: 'changeType', table: 0, column: 10, variant: 30 },
        { kind: 'moveColumn', table: 6, column: 5, variant: 12 },
      ],
      [{ kind: 'moveColumn', table: 10, column: 0, variant: 37 }],
      [{ kind: 'narrowEnum', table: 7, column: 9, variant: 31 }],
    ],
    seed: 11_470,
  },
];
