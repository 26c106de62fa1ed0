/**
 * The schemas of public projects, and where the migrations of public projects lead: how many of their tables are
 * filled. Each is filled twice, the second time with changes to the rows of the first.
 */
import { afterAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase, withSession } from '../../../src/database/index.js';
import { apply } from '../../../src/migrate/index.js';
import type { FillReport } from '../../../src/prove/data/fill-report.js';
import { fillTables } from '../../../src/prove/data/fill-tables.js';
import { PUBLIC_SCHEMAS, scriptOf } from '../../catalog/public-schemas.js';
import { corpusFolder, runnableCopy } from '../../migrate/corpora.js';
import { CORPORA } from '../../migrate/corpora-list.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { noPrograms, runScript } from '../../support/postgres-programs.js';

interface Expected {
  /** Tables filled, of all. */
  readonly tables: number;
  /** Tables that take no row at all, with what stops it. */
  readonly unfilled?: readonly string[];
  /** Tables whose triggers refuse every row that was tried: filled with triggers off. */
  readonly withoutTriggers?: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  'tbls-testdata': { tables: 15, withoutTriggers: ['posts', 'users'] },
  'tbls-too-many': { tables: 1000 },
  pagila: { tables: 17 },
  'pagila-18': { tables: 17 },
  chinook: { tables: 11 },
  northwind: { tables: 14 },
  synapse: { tables: 138, withoutTriggers: ['partial_state_events'] },
  lago: { tables: 138 },
  'supabase-auth': { tables: 23 },
  openmeter: { tables: 93 },
  goalert: { tables: 60, withoutTriggers: ['user_contact_methods', 'users'] },
  concourse: { tables: 45 },
  marble: { tables: 80 },
  svix: { tables: 9 },
  river: { tables: 5 },
  langfuse: { tables: 71 },
};

const made: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(made.map((place) => place.drop()));
  await withSession(openDatabase(inject('serverUrl')), async (session) => {
    for (const { name } of CORPORA) {
      await session.run(`drop role if exists fill_${name}`);
    }
  });
});

for (const schema of PUBLIC_SCHEMAS) {
  const script = scriptOf(schema);
  const reason = noPrograms ?? ('missing' in script ? script.missing : undefined);
  suite(schema.name, reason, async () => {
    const place = await makeDatabase();
    await runScript(place.url, 'text' in script ? script.text : '');
    return place.database;
  });
}

for (const corpus of CORPORA) {
  const root = process.env.PLINTH_CORPORA;
  const folder = root === undefined ? undefined : corpusFolder(root, corpus);
  suite(
    corpus.name,
    folder === undefined ? 'PLINTH_CORPORA names no folder with it' : undefined,
    async () => {
      const { url } = await makeDatabase();
      const copy = runnableCopy(folder!, corpus);
      // Some of the migrations change settings of their role.
      const role = `fill_${corpus.name}`;
      await withSession(openDatabase(url), (session) =>
        session.run(`create role ${role} superuser login password 'corpus'`),
      );
      const database = openDatabase(url.replace(/\/\/[^@]*@/, `//${role}:corpus@`));
      await apply({ database, target: 'main', folder: { path: copy.path } });
      copy.drop();
      return database;
    },
  );
}

async function makeDatabase(): Promise<TestDatabase> {
  const place = await createTestDatabase();
  made.push(place);
  return place;
}

function suite(name: string, missing: string | undefined, make: () => Promise<Database>): void {
  const title = missing === undefined ? name : `${name} (skipped: ${missing})`;
  describe.skipIf(missing !== undefined)(title, { timeout: 180_000 }, () => {
    test('has rows in every table but those named', async () => {
      await withSession(await make(), async (session) => {
        const { tables, unfilled = [], withoutTriggers = [] } = EXPECTED[name]!;
        const first = await fillTables(session);
        expect(first.unfilled.map(shortly)).toEqual(unfilled);
        expect(first.tables.filter((table) => table.withoutTriggers).map((table) => table.name)).toEqual(
          withoutTriggers,
        );
        expect(first.tables).toHaveLength(tables);
        const second = await fillTables(session, { seed: 2, touchRows: () => 12 });
        expect(second.unfilled.map(shortly)).toEqual(unfilled);
        expect(second.rowsUpdated).toBeGreaterThan(0);
      });
    });
  });
}

function shortly({ schema, name, obstacle }: FillReport['unfilled'][number]): string {
  return [`${schema}.${name}`, obstacle.kind, obstacle.name].filter(Boolean).join(' ');
}
