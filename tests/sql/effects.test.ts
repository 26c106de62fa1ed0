/**
 * The predicted effects against the measured ones: every sample is run in a transaction on every supported server;
 * the locks that the backend then holds are read from `pg_locks`, and a rewrite shows as another file.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalogFacts } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
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
import { EFFECT_SAMPLES, EFFECT_SETUP } from './effect-samples.js';
import { CONTENTS_SETUP, type Loss, lossesBetween, readContents } from './losses.js';

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
    await client.query('rollback; deallocate all');
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

/** What the sample loses; nothing of it is kept. */
async function losses(client: pg.Client, sql: string): Promise<readonly Loss[]> {
  await client.query('begin');
  try {
    const before = await readContents(client);
    await client.query(sql);
    return lossesBetween(before, await readContents(client));
  } finally {
    await client.query('rollback; deallocate all');
  }
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
    await client.query(CONTENTS_SETUP);
    facts = await withSession(testDatabase.database, readCatalogFacts);
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

  test('name everything that is lost', async () => {
    const unnamed: string[] = [];
    for (const { sql } of samples) {
      const { destroys } = predict(sql, facts);
      const named = destroys.map(({ relation }) => `${relation.schema}.${relation.name}`);
      for (const { relation, what } of await losses(client, sql)) {
        if (!named.includes(relation)) {
          unnamed.push(`${sql}: ${what} of ${relation}`);
        }
      }
    }
    expect(unnamed).toEqual([]);
  }, 120_000);

  test.each([
    ['create index concurrently on t (code)', 'SHARE UPDATE EXCLUSIVE'],
    ['drop index concurrently t_code_idx', 'SHARE UPDATE EXCLUSIVE'],
    ['reindex table concurrently t', 'SHARE UPDATE EXCLUSIVE'],
    ['reindex index concurrently t_code_idx', 'SHARE UPDATE EXCLUSIVE'],
    ['vacuum t', 'SHARE UPDATE EXCLUSIVE'],
    ['vacuum full t', 'ACCESS EXCLUSIVE'],
  ])('are those asked for outside transactions: %s', async (sql, lock) => {
    const effect = predict(sql, facts).relations.find(({ relation }) => relation.name === 't');
    expect(effect?.lock).toBe(lock);
    // A lock that conflicts with it alone makes it wait, which shows what it asks for.
    const blocker = new pg.Client(testDatabase.url);
    const runner = new pg.Client(testDatabase.url);
    await Promise.all([blocker.connect(), runner.connect()]);
    await blocker.query('begin; lock table t in share update exclusive mode');
    const { rows } = await runner.query<{ pid: number }>('select pg_backend_pid() as pid');
    const running = runner.query(sql).catch(() => undefined);
    try {
      await expect.poll(() => waitingFor(client, rows[0]!.pid), { timeout: 5000 }).toBe(lock);
    } finally {
      await client.query('select pg_cancel_backend($1)', [rows[0]!.pid]);
      await running;
      await blocker.query('rollback');
      await Promise.all([blocker.end(), runner.end()]);
    }
  });
});

/** The mode of the table lock that a backend waits for. */
async function waitingFor(client: pg.Client, pid: number): Promise<LockMode | undefined> {
  const { rows } = await client.query<{ mode: string }>(
    `select mode from pg_locks where pid = $1 and not granted and relation = 't'::regclass`,
    [pid],
  );
  return strongest(rows.map(({ mode }) => mode));
}
