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
  // What one statement changes waits for the newer change of the same table, not of one whose name it takes.
  {
    tables: [23, 27],
    migrations: [
      [{ kind: 'renameTable', table: 2, column: 2, variant: 7 }],
      [
        { kind: 'requireValues', table: 6, column: 5, variant: 9 },
        { kind: 'swapTables', table: 10, column: 11, variant: 25 },
        { kind: 'truncateTable', table: 4, column: 9, variant: 25 },
      ],
    ],
    seed: 999993,
  },
  // A value whose type is changed by the script, in a row that it then changes or deletes.
  {
    tables: [17, 23, 28],
    migrations: [
      [
        { kind: 'archiveRows', table: 11, column: 7, variant: 41 },
        { kind: 'changeType', table: 0, column: 9, variant: 27 },
        { kind: 'mergeRows', table: 6, column: 0, variant: 0 },
      ],
      [
        { kind: 'narrowEnum', table: 5, column: 5, variant: 2 },
        { kind: 'remakeTable', table: 8, column: 4, variant: 12 },
        { kind: 'archiveRows', table: 7, column: 1, variant: 28 },
      ],
    ],
    seed: 363217,
  },
  // A table made anew, with a column that is renamed afterwards.
  {
    tables: [0],
    migrations: [
      [{ kind: 'deleteRows', table: 8, column: 6, variant: 41 }],
      [
        { kind: 'remakeTable', table: 11, column: 7, variant: 21 },
        { kind: 'renameColumn', table: 6, column: 6, variant: 33 },
      ],
    ],
    seed: 18,
  },
  // A table that is renamed, and made anew then.
  {
    tables: [19],
    migrations: [
      [{ kind: 'mergeRows', table: 6, column: 8, variant: 33 }],
      [
        { kind: 'renameTable', table: 0, column: 3, variant: 7 },
        { kind: 'remakeTable', table: 10, column: 1, variant: 0 },
      ],
    ],
    seed: 153655,
  },
  // Rows without a key that are alike in all but the column which changes its type.
  {
    tables: [34],
    migrations: [
      [
        { kind: 'changeType', table: 9, column: 0, variant: 0 },
        { kind: 'remakeColumn', table: 1, column: 9, variant: 24 },
      ],
    ],
    seed: 739134,
  },
  // Rows without a key, of which one script changes the type of a column and then truncates them.
  {
    tables: [41],
    migrations: [
      [
        { kind: 'narrowEnum', table: 0, column: 0, variant: 0 },
        { kind: 'createTable', table: 0, column: 0, variant: 0 },
      ],
      [
        { kind: 'changeType', table: 0, column: 5, variant: 23 },
        { kind: 'truncateTable', table: 0, column: 0, variant: 0 },
      ],
      [{ kind: 'createTable', table: 0, column: 0, variant: 0 }],
    ],
    seed: 0,
  },
  // Rows without a key that were put back, and told to be missing nevertheless.
  {
    tables: [35],
    migrations: [
      [
        { kind: 'dropColumn', table: 1, column: 11, variant: 13 },
        { kind: 'remakeTable', table: 9, column: 5, variant: 41 },
        { kind: 'swapColumns', table: 9, column: 3, variant: 17 },
        { kind: 'addIndex', table: 10, column: 2, variant: 23 },
        { kind: 'moveColumn', table: 6, column: 0, variant: 36 },
      ],
    ],
    seed: 5,
  },
  // A table made anew that gets another name afterwards: what was written to it since is newer than what is kept.
  {
    tables: [12],
    migrations: [
      [
        { kind: 'remakeTable', table: 2, column: 0, variant: 18 },
        { kind: 'renameTable', table: 6, column: 2, variant: 13 },
      ],
    ],
    seed: 340300,
  },
  // Partitions that are dropped after the type of a column was changed to one that has no way back by a cast.
  {
    tables: [17],
    migrations: [
      [
        { kind: 'changeType', table: 6, column: 0, variant: 24 },
        { kind: 'dropTable', table: 10, column: 6, variant: 6 },
      ],
    ],
    seed: 47327,
  },
  // Rows without a key whose table is dropped after a change of type: there is no table to number them by.
  {
    tables: [13],
    migrations: [
      [{ kind: 'addColumn', table: 0, column: 0, variant: 0 }],
      [
        { kind: 'changeType', table: 0, column: 10, variant: 0 },
        { kind: 'dropTable', table: 0, column: 0, variant: 0 },
      ],
    ],
    seed: 11,
  },
  // Columns moved without a key: what the script itself puts back needs no numbering of rows that the server has moved.
  {
    tables: [34],
    migrations: [
      [
        { kind: 'moveColumn', table: 8, column: 11, variant: 2 },
        { kind: 'moveColumn', table: 6, column: 2, variant: 6 },
      ],
      [{ kind: 'changeType', table: 8, column: 1, variant: 31 }],
    ],
    seed: 689931,
  },
  // A table whose columns are dropped one by one before it is: its rows could not be put in again without them.
  {
    tables: [21, 21],
    migrations: [
      [
        { kind: 'createTable', table: 4, column: 0, variant: 4 },
        { kind: 'addColumn', table: 8, column: 2, variant: 20 },
        { kind: 'requireValues', table: 5, column: 2, variant: 31 },
      ],
    ],
    seed: 15,
  },
  // Keys that are shifted there and back are none that changed, after which values are handed over.
  {
    tables: [14],
    migrations: [
      [
        { kind: 'changeType', table: 4, column: 6, variant: 25 },
        { kind: 'shiftKeys', table: 1, column: 3, variant: 16 },
        { kind: 'remakeTable', table: 1, column: 0, variant: 3 },
      ],
    ],
    seed: 506802,
  },
  // A table that is dropped, whose name at the beginning another one has that was made anew.
  {
    tables: [23],
    migrations: [
      [
        { kind: 'createTable', table: 8, column: 0, variant: 2 },
        { kind: 'remakeTable', table: 4, column: 2, variant: 36 },
        { kind: 'swapTables', table: 3, column: 4, variant: 0 },
      ],
    ],
    seed: 999987,
  },
  // A column made anew without a key, and another whose values change after it: what the script has put there is not known.
  {
    tables: [34],
    migrations: [
      [
        { kind: 'remakeColumn', table: 7, column: 1, variant: 32 },
        { kind: 'changeType', table: 11, column: 8, variant: 30 },
      ],
    ],
    seed: 0,
  },
  {
    tables: [41],
    migrations: [
      [
        { kind: 'dropColumn', table: 7, column: 8, variant: 25 },
        { kind: 'remakeColumn', table: 11, column: 3, variant: 32 },
        { kind: 'requireValues', table: 7, column: 8, variant: 26 },
      ],
    ],
    seed: 3,
  },
  // Tables that trade names, one of them with partitions: these are not the other's.
  {
    tables: [24, 27],
    migrations: [
      [
        { kind: 'swapTables', table: 2, column: 9, variant: 31 },
        { kind: 'truncateTable', table: 6, column: 2, variant: 21 },
      ],
    ],
    seed: 125432,
  },
  // The only column of a table without a key, whose values are written otherwise in the other type.
  {
    tables: [27],
    migrations: [[{ kind: 'changeType', table: 9, column: 2, variant: 29 }]],
    seed: 149935,
  },
  // Rows without a key that both scripts change, with a column whose place another migration has changed meanwhile.
  {
    tables: [34],
    migrations: [
      [{ kind: 'updateTwice', table: 0, column: 8, variant: 13 }],
      [{ kind: 'moveColumn', table: 0, column: 8, variant: 0 }],
    ],
    seed: 295049,
  },
  // What was null before a column could not be, in a table that is made anew then.
  {
    tables: [0, 5],
    migrations: [
      [
        { kind: 'requireValues', table: 9, column: 10, variant: 27 },
        { kind: 'shiftKeys', table: 5, column: 0, variant: 15 },
        { kind: 'remakeTable', table: 5, column: 4, variant: 15 },
      ],
    ],
    seed: 105850,
  },
  // Rows without a key, numbered among equals of which some were not changed.
  {
    tables: [13],
    migrations: [
      [
        { kind: 'addColumn', table: 3, column: 5, variant: 11 },
        { kind: 'changeType', table: 1, column: 6, variant: 37 },
      ],
    ],
    seed: 999981,
  },
  // A row of the script's own that loses a column, and then its table: it stays the script's own.
  {
    tables: [0],
    migrations: [
      [
        { kind: 'remakeTable', table: 0, column: 0, variant: 0 },
        { kind: 'narrowEnum', table: 0, column: 0, variant: 0 },
        { kind: 'archiveRows', table: 0, column: 0, variant: 0 },
      ],
    ],
    seed: 0,
  },
  // A block of code gives a column another type, and the down computes other values from it; with a key and without.
  {
    tables: [30, 5],
    migrations: [[{ kind: 'changeType', table: 1, column: 5, variant: 1, block: 'both' }]],
    seed: 762_256,
  },
  {
    tables: [41],
    migrations: [[{ kind: 'changeType', table: 5, column: 9, variant: 25, block: 'both' }]],
    seed: 845_672,
  },
  // A block drops a table of which another has deleted rows: both are one item in the end.
  {
    tables: [39],
    migrations: [
      [
        { kind: 'deleteRows', table: 5, column: 2, variant: 13, block: 'up' },
        { kind: 'dropTable', table: 11, column: 5, variant: 20, block: 'both' },
      ],
    ],
    seed: 320_481,
  },
  // A block makes a table anew: its sequence has another name, and what comes after it changes the new table.
  {
    tables: [1, 19, 38],
    migrations: [[{ kind: 'remakeTable', table: 4, column: 6, variant: 26, block: 'up' }]],
    seed: 660_872,
  },
  {
    tables: [7],
    migrations: [
      [
        { kind: 'remakeTable', table: 7, column: 0, variant: 14, block: 'both' },
        { kind: 'dropColumn', table: 7, column: 6, variant: 8, block: 'down' },
      ],
    ],
    seed: 736_300,
  },
  {
    tables: [25],
    migrations: [
      [
        { kind: 'remakeTable', table: 8, column: 6, variant: 31, block: 'up' },
        { kind: 'updateRows', table: 9, column: 2, variant: 15 },
      ],
    ],
    seed: 8,
  },
  {
    tables: [29, 32],
    migrations: [
      [
        { kind: 'remakeTable', table: 1, column: 5, variant: 33, block: 'up' },
        { kind: 'swapTables', table: 8, column: 4, variant: 15, block: 'both' },
      ],
    ],
    seed: 125_752,
  },
  // What a block makes, or inserts, is the script's own when a later one takes it away.
  {
    tables: [12, 20, 26],
    migrations: [
      [
        { kind: 'createTable', table: 11, column: 1, variant: 29, block: 'up' },
        { kind: 'dropTable', table: 7, column: 1, variant: 31, block: 'both' },
      ],
    ],
    seed: 520_270,
  },
  {
    tables: [9],
    migrations: [
      [
        { kind: 'remakeTable', table: 3, column: 4, variant: 0, block: 'down' },
        { kind: 'archiveRows', table: 8, column: 10, variant: 24, block: 'down' },
      ],
    ],
    seed: 220_612,
  },
  // A value that refers to a row of another table comes back after one of the same row that refers to none.
  {
    tables: [28, 29],
    migrations: [
      [
        { kind: 'dropTable', table: 6, column: 6, variant: 29, block: 'both' },
        { kind: 'upsertRows', table: 5, column: 3, variant: 15, block: 'both' },
        { kind: 'moveColumn', table: 9, column: 9, variant: 1, block: 'up' },
        { kind: 'runBlock', table: 10, column: 10, variant: 1, block: 'both' },
      ],
    ],
    seed: 999_982,
  },
  // Without a key, a column is kept by what the down makes other values of, with its type; before that change, and after.
  {
    tables: [41],
    migrations: [
      [
        { kind: 'changeType', table: 1, column: 1, variant: 13, block: 'both' },
        { kind: 'moveColumn', table: 7, column: 6, variant: 23, block: 'up' },
      ],
    ],
    seed: 336_387,
  },
  {
    tables: [13],
    migrations: [
      [
        { kind: 'moveColumn', table: 3, column: 5, variant: 10 },
        { kind: 'changeType', table: 4, column: 0, variant: 29 },
      ],
    ],
    seed: 880_621,
  },
];
