/**
 * The predicted effects against the measured ones: every sample is run in a transaction on every supported server;
 * the locks that the backend then holds are read from `pg_locks`, and a rewrite shows as another file.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CatalogFacts,
  LOCK_MODES,
  type LockMode,
  loadParser,
  parseStatement,
  type StatementEffects,
  statementEffects,
} from '../../src/sql/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { readCatalogFacts } from './catalog-facts.js';
import { EFFECT_SAMPLES, EFFECT_SETUP } from './effect-samples.js';

beforeAll(loadParser);

function predict(sql: string, facts?: CatalogFacts): StatementEffects {
  const outcome = parseStatement(sql);
  if (outcome.kind !== 'parsed') {
    throw new Error(`${sql}: ${outcome.message}`);
  }
  return statementEffects(outcome.node, facts);
}

interface Measured {
  readonly lock: LockMode | undefined;
  readonly rewritten: boolean;
}

/** What a sample does to every relation that was there before, by `schema.name`; nothing of it is kept. */
async function measure(client: pg.Client, sql: string): Promise<ReadonlyMap<string, Measured>> {
  const before = await relationFiles(client);
  await client.query('begin');
  try {
    await client.query(sql);
    const after = new Map((await relationFiles(client)).map((row) => [row.oid, row.file]));
    const { rows: locks } = await client.query<{ oid: string; mode: string }>(
      `select relation::text as oid, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation'`,
    );
    return new Map(
      before.map(({ oid, name, file }) => [
        name,
        {
          lock: strongest(locks.filter((lock) => lock.oid === oid).map(({ mode }) => mode)),
          rewritten: after.has(oid) && after.get(oid) !== file,
        },
      ]),
    );
  } finally {
    await client.query('rollback');
  }
}

async function relationFiles(client: pg.Client): Promise<{ oid: string; name: string; file: string }[]> {
  const { rows } = await client.query<{ oid: string; name: string; file: string }>(
    `select c.oid::text as oid, nspname || '.' || relname as name, relfilenode::text as file
       from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where relkind in ('r', 'p', 'v', 'm', 'f') and nspname in ('public', 'app')`,
  );
  return rows;
}

/** `AccessShareLock` is `ACCESS SHARE`. */
function strongest(modes: readonly string[]): LockMode | undefined {
  const words = modes.map((mode) =>
    mode
      .replace(/Lock$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toUpperCase(),
  );
  return LOCK_MODES.findLast((mode) => words.includes(mode));
}

describeOnEveryServer('predicted effects', ({ major, url }) => {
  let testDatabase: TestDatabase;
  let client: pg.Client;
  let facts: CatalogFacts;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ serverUrl: await url() });
    client = new pg.Client(testDatabase.url);
    await client.connect();
    await client.query(EFFECT_SETUP);
    facts = await readCatalogFacts(client, major * 10_000);
  });
  afterAll(async () => {
    await client.end();
    await testDatabase.drop();
  });

  const samples = EFFECT_SAMPLES.filter(
    ({ since, until }) => major >= (since ?? 0) && major <= (until ?? major),
  );
  test.each(samples.map(({ sql }) => sql))('are those measured: %s', async (sql) => {
    const { relations } = predict(sql, facts);
    const predicted = new Map(
      relations.map((effect) => [`${effect.relation.schema}.${effect.relation.name}`, effect]),
    );
    const measured = await measure(client, sql);
    for (const [name, { lock, rewritten }] of measured) {
      const effect = predicted.get(name);
      const isFitting =
        effect === undefined || effect.isCertain
          ? lock === effect?.lock
          : lock === undefined || LOCK_MODES.indexOf(lock) <= LOCK_MODES.indexOf(effect.lock);
      expect(
        isFitting,
        `${name}: predicted ${effect?.lock ?? 'no lock'}${effect?.isCertain === false ? ' (maybe)' : ''}, measured ${lock ?? 'no lock'}`,
      ).toBe(true);
      const rewrites = effect?.rewrites ?? 'no';
      expect(
        rewrites === 'maybe' || rewritten === (rewrites === 'yes'),
        `${name}: predicted rewrite ${rewrites}, measured ${rewritten}`,
      ).toBe(true);
    }
  });
});
