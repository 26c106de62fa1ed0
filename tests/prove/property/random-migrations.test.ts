/**
 * The promise as a law: whatever a sequence of migrations does, applying it, taking it back and applying it again
 * loses no cell, with the application writing on both sides. The sequences, the rows and the writes are drawn at
 * random. PLINTH_SEQUENCES=5000 runs more of them, PLINTH_SEED=7 others.
 */
import fc from 'fast-check';
import { afterAll, expect, inject, test } from 'vitest';
import { migrationFolders } from '../../migrate/migration-folder.js';
import { createTestDatabase } from '../../support/database.js';
import { PAST_FAILURES } from './past-failures.js';
import { drawnSequence, runSequence } from './sequence.js';

const RUNS = Number(process.env.PLINTH_SEQUENCES ?? 20);
const SEED = Number(process.env.PLINTH_SEED ?? 20_261_121);

const folderOf = migrationFolders();
const counts = { sequences: 0, migrations: 0, cells: 0, losses: 0, told: 0 };
const refusals = new Map<string, number>();

afterAll(() => {
  const refused = [...refusals].map(([code, count]) => `${count} × ${code}`).join(', ');
  process.stdout.write(
    `${counts.sequences} sequences of ${counts.migrations} migrations, ${counts.cells} cells compared, ${counts.losses} losses, ${counts.told} told to have no place after writes; refused: ${refused || 'none'}\n`,
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

test('no sequence of migrations loses a cell', { timeout: 60_000 + RUNS * 20_000 }, async () => {
  expect(inject('serverUrl')).toBeTruthy();
  await fc.assert(
    fc.asyncProperty(drawnSequence, async (each) => {
      const place = await createTestDatabase();
      try {
        const outcome = await runSequence(place, each, folderOf);
        counts.sequences += 1;
        counts.migrations += outcome.migrations;
        counts.cells += outcome.cells;
        counts.losses += outcome.losses.length;
        counts.told += outcome.told;
        if (outcome.refused !== undefined) {
          const code = outcome.refused.slice(0, outcome.refused.indexOf(':'));
          refusals.set(code, (refusals.get(code) ?? 0) + 1);
        }
        expect(outcome.losses, outcome.scripts.join('\n')).toEqual([]);
      } finally {
        await place.drop();
      }
    }),
    { numRuns: RUNS + PAST_FAILURES.length, seed: SEED, examples: PAST_FAILURES.map((each) => [each]) },
  );
});
