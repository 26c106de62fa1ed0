/**
 * The laws of the diff, judged by pg_dump instead of by Plinth's own reading: what the SQL makes of one schema dumps as
 * the other one does, and what the SQL back makes of it as the first did.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { loadParser } from '../../src/sql/index.js';
import { createTestDatabase, serverUrl, type TestDatabase } from '../support/database.js';
import { dumpSchema, noPrograms } from '../support/postgres-programs.js';
import { applyChange } from './applied.js';
import { comparableDump } from './dump.js';
import { anySchema, ddlOf, type SchemaSpec } from './random-schema.js';

const RUNS = Number(process.env.PLINTH_RUNS ?? 6);
const SEED = Number(process.env.PLINTH_SEED ?? 1);
const skipped = noPrograms === undefined ? '' : ` (skipped: ${noPrograms})`;

describe.skipIf(noPrograms !== undefined)(`pg_dump${skipped}`, () => {
  beforeAll(loadParser);

  test('sees no difference there, and none back', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySchema, anySchema, async (one, drawn) => {
        // Before 17, a label that was added cannot be used in the same transaction.
        const other = { ...drawn, labels: one.labels };
        const [source, target] = [await databaseOf(one), await databaseOf(other)];
        try {
          const [before, wanted] = [await dumpOf(source), await dumpOf(target)];
          const model = await withSession(target.database, (session) => readSchema(session));
          await withSession(source.database, async (session: Session) => {
            const first = await readSchema(session);
            const there = await applyChange(session, first, model);
            expect(await dumpOf(source), 'there').toEqual(wanted);
            await applyChange(session, there, first);
            expect(await dumpOf(source), 'back').toEqual(before);
          });
        } finally {
          await source.drop();
          await target.drop();
        }
      }),
      { numRuns: RUNS, endOnFailure: true, seed: SEED },
    );
  });
});

async function databaseOf(spec: SchemaSpec): Promise<TestDatabase> {
  const place = await createTestDatabase({ serverUrl: await serverUrl(15) });
  await withSession(place.database, (session) => session.run(`set search_path = public; ${ddlOf(spec)}`));
  return place;
}

/**
 * Line by line in the order of the alphabet: objects that do not depend on one another stand in that of their making.
 * The columns of statistics and publications are a set, shown in the order of the table's.
 */
async function dumpOf({ url }: TestDatabase): Promise<string[]> {
  const dump = comparableDump(await dumpSchema(url));
  return dump
    .split('\n')
    .map((line) =>
      line
        .replace(/,$/, '')
        .replace(
          /^(CREATE STATISTICS .* ON )(.*)( FROM .*)$/,
          (_, head, list, tail) => head + sorted(list) + tail,
        )
        .replace(
          /^(ALTER PUBLICATION .* ADD TABLE .* \()(.*)(\).*)$/,
          (_, head, list, tail) => head + sorted(list) + tail,
        ),
    )
    .filter((line) => !line.startsWith('--') && line !== '')
    .sort();
}

function sorted(list: string): string {
  return list.split(', ').sort().join(', ');
}
