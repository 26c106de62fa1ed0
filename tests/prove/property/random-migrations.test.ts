/**
 * The promise as a law: whatever a sequence of migrations does, applying it, taking it back and applying it again
 * loses no cell, with the application writing on both sides. The sequences, the rows and the writes are drawn at
 * random. PLINTH_SEQUENCES=5000 runs more of them, PLINTH_SEED=7 others.
 */
import fc from 'fast-check';
import { afterAll, expect, inject, test } from 'vitest';
import { migrationFolders } from '../../migrate/migration-folder.js';
import { createTestDatabase } from '../../support/database.js';
import { drawn } from './operations.js';
import { runSequence, type Sequence } from './sequence.js';

const RUNS = Number(process.env.PLINTH_SEQUENCES ?? 20);
const SEED = Number(process.env.PLINTH_SEED ?? 20_261_121);

const sequence: fc.Arbitrary<Sequence> = fc.record({
  tables: fc.array(fc.nat(41), { minLength: 1, maxLength: 3 }),
  migrations: fc.array(fc.array(drawn, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(1_000_000),
});

/** Sequences that have lost something once. */
const EXAMPLES: readonly Sequence[] = [
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
];

/** Sequences that still lose something; each is expected to, so that the day it no longer does is noticed. */
const OPEN: readonly (readonly [string, Sequence])[] = [
  [
    'a row that one script updates, and deletes by a cascade later, comes back as updated',
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
  ],
  [
    'a column that one script narrows, and moves to another afterwards, comes back narrowed where rows were written in between',
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
  ],
];

const folderOf = migrationFolders();
const counts = { sequences: 0, migrations: 0, cells: 0, losses: 0 };
const refusals = new Map<string, number>();

afterAll(() => {
  const refused = [...refusals].map(([code, count]) => `${count} × ${code}`).join(', ');
  process.stdout.write(
    `${counts.sequences} sequences of ${counts.migrations} migrations, ${counts.cells} cells compared, ${counts.losses} losses; refused: ${refused || 'none'}\n`,
  );
});

test.each([
  ['dropColumn', 'after a rollback', 5, 0],
  ['dropTable', 'after a rollback', 5, 0],
  ['deleteRows', 'after a rollback', 5, 0],
  ['truncateTable', 'after a rollback', 5, 0],
  ['updateRows', 'after a rollback', 5, 0],
  ['changeType', 'after a rollback', 10, 2],
  ['addColumn', 'after a reapply with writes', 5, 0],
  ['createTable', 'after a reapply with writes', 5, 0],
] as const)(
  'sees what %s loses %s where nothing is kept',
  { timeout: 60_000 },
  async (kind, when, table, variant) => {
    const place = await createTestDatabase();
    try {
      const { losses, refused } = await runSequence(
        place,
        {
          tables: [table],
          migrations: [[{ kind, table: 0, column: 0, variant }]],
          seed: 3,
          head: '-- plinth: keep=off reason="the test must see the loss"\n',
        },
        folderOf,
      );
      expect(refused).toBeUndefined();
      expect(losses.join('\n')).toContain(when);
    } finally {
      await place.drop();
    }
  },
);

test.fails.each(OPEN)('open: %s', { timeout: 60_000 }, async (_, each) => {
  const place = await createTestDatabase();
  try {
    expect((await runSequence(place, each, folderOf)).losses).toEqual([]);
  } finally {
    await place.drop();
  }
});

test('no sequence of migrations loses a cell', { timeout: 60_000 + RUNS * 20_000 }, async () => {
  expect(inject('serverUrl')).toBeTruthy();
  await fc.assert(
    fc.asyncProperty(sequence, async (each) => {
      const place = await createTestDatabase();
      try {
        const outcome = await runSequence(place, each, folderOf);
        counts.sequences += 1;
        counts.migrations += outcome.migrations;
        counts.cells += outcome.cells;
        counts.losses += outcome.losses.length;
        if (outcome.refused !== undefined) {
          const code = outcome.refused.slice(0, outcome.refused.indexOf(':'));
          refusals.set(code, (refusals.get(code) ?? 0) + 1);
        }
        expect(outcome.losses, outcome.scripts.join('\n')).toEqual([]);
      } finally {
        await place.drop();
      }
    }),
    { numRuns: RUNS + EXAMPLES.length, seed: SEED, examples: EXAMPLES.map((each) => [each]) },
  );
});
