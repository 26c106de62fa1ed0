import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprint, readSchema } from '../../src/catalog/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { formatModel, parseModel, type SchemaModel } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, 'schemas/everything.sql'), 'utf8');

/** What each version's server gave, by major version: they are compared at the end. */
const models = new Map<number, SchemaModel>();

describeOnEveryServer('reading a schema with one of everything', ({ major, url }) => {
  let place: TestDatabase;
  let session: Session;
  let model: SchemaModel;

  beforeAll(async () => {
    place = await createTestDatabase({ serverUrl: await url() });
    session = await place.database.connect();
    await session.run(EVERYTHING);
    model = await readSchema(session);
    models.set(major, model);
  });
  afterAll(async () => {
    await session?.close();
    await place?.drop();
  });

  test('gives what the golden model has', async () => {
    const portable = { ...model, postgresMajor: 0 };
    await expect(formatModel(portable)).toMatchFileSnapshot('goldens/everything.json');
  });

  test('gives the same model twice', async () => {
    expect(await readSchema(session)).toEqual(model);
  });

  test('gives the same model in whatever settings the session has', async () => {
    await session.run(`set search_path to app, public; set timezone to 'Asia/Tokyo'; set datestyle to 'German';
      set intervalstyle to 'iso_8601'; set bytea_output to 'escape'; set quote_all_identifiers to on`);
    expect(await readSchema(session)).toEqual(model);
    const [setting] = await session.query(`select current_setting('search_path') as path`);
    expect(setting).toEqual({ path: 'app, public' });
    await session.run('reset all');
  });

  test('gives JSON of the published form', () => {
    expect(parseModel(formatModel(model), 'model.json')).toEqual(model);
  });

  test('sees what the caller has done in its transaction, and leaves the transaction as it was', async () => {
    await session.run('begin; set local search_path to app; create table app.fresh (id int)');
    const inside = await readSchema(session, { insideTransaction: true });
    expect(inside.tables.map(({ name }) => name)).toContain('fresh');
    const [setting] = await session.query(`select current_setting('search_path') as path`);
    expect(setting).toEqual({ path: 'app' });
    await session.run('rollback');
    expect(await readSchema(session)).toEqual(model);
  });

  test('reads only the schemas that are asked for, and then nothing of the whole database', async () => {
    const odd = await readSchema(session, { schemas: ['Odd Names'] });
    expect(odd).toEqual({
      ...model,
      schemas: model.schemas.filter(({ name }) => name === 'Odd Names'),
      tables: model.tables.filter(({ schema }) => schema === 'Odd Names'),
      extensions: [],
      types: [],
      sequences: [],
      views: [],
      routines: [],
      eventTriggers: [],
      foreignDataWrappers: [],
      foreignServers: [],
      publications: [],
      defaultPrivileges: [],
      others: [],
    });
    // The foreign key's target lies outside, and is named all the same.
    expect(odd.tables[0]?.constraints[0]).toMatchObject({
      references: { schema: 'app', table: 'organizations', columns: ['id'] },
    });
  });

  test('leaves out the schemas that it is told to, and those of Plinth itself', async () => {
    await session.run('create schema plinth create table ledger (id int); create schema plinth_kept');
    expect(await readSchema(session)).toEqual(model);
    const all = await readSchema(session, { excludeSchemas: ['app'] });
    expect(all.schemas.map(({ name }) => name)).toEqual(['Odd Names', 'plinth', 'plinth_kept', 'public']);
    await session.run('drop schema plinth cascade; drop schema plinth_kept');
  });

  test('leaves out temporary tables and what extensions brought', async () => {
    await session.run('create temporary table passing (id int)');
    expect(await readSchema(session)).toEqual(model);
    expect(model.routines.map(({ name }) => name)).not.toContain('similarity');
    await session.run('drop table passing');
  });

  test('never shows a secret of a foreign server', () => {
    expect(JSON.stringify(model)).not.toContain('hunter2');
  });

  test('reads again when a table goes while it is being read', async () => {
    await session.run(`create table public.gone (id serial primary key, note text default 'x' check (note <> ''));
      create view public.gate as select 1 as one`);
    await withSession(place.database, async (other) => {
      await other.run('begin; lock table public.gate in access exclusive mode; drop table public.gone');
      const reading = readSchema(session);
      // The reader has its snapshot, with the table in it, and waits to be told what the view is.
      await waitsForLock(other, session.server.processId);
      await other.run('drop view public.gate; commit');
      expect(await reading).toEqual(model);
    });
  });
});

async function waitsForLock(session: Session, processId: number): Promise<void> {
  const isWaiting = 'select from pg_locks where pid = $1 and not granted';
  while ((await session.query(isWaiting, [processId])).length === 0) {
    await sleep(5);
  }
}

test('versions agree', () => {
  expect(models.size).toBeGreaterThan(0);
  expect(new Set([...models.values()].map((model) => fingerprint(model))).size).toBe(1);
});
