/** What drift is held against, and when it cannot be known. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withDatabaseName, withSession } from '../../src/database/index.js';
import { open, type Plinth } from '../../src/index.js';
import { addressText } from '../../src/schema/index.js';
import { forgetMetrics, onLog, recordedMetrics } from '../../src/telemetry/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type MadeProject, projectMaker, SHOP_FILES } from './projects.js';

const project = projectMaker();
let place: TestDatabase;
let made: MadeProject;
let plinth: Plinth;

beforeEach(async () => {
  place = await createTestDatabase();
  made = project();
  plinth = await open({ cwd: made.root, url: place.url });
});
afterEach(() => place.drop());

function change(sql: string) {
  return withSession(place.database, (session) => session.run(sql));
}

async function found(): Promise<readonly string[]> {
  return (await plinth.drift()).flatMap(({ differences }) =>
    differences.map((difference) => `${difference.verdict}: ${addressText(difference)}`),
  );
}

describe('drift is held against the texts in the ledger', () => {
  test('and not against the files of today', async () => {
    await plinth.apply();
    rmSync(join(made.root, 'reports/0001_totals.up.sql'));
    rmSync(join(made.root, 'reports/0001_totals.down.sql'));
    made.write({
      'shop/0001_customers.up.sql': 'create table something_else ();',
      'shop/0003_new.up.sql': 'select 1;',
    });
    expect(await plinth.drift()).toMatchObject([{ state: 'none' }]);
  });

  test('of all targets of the database, also where one of them is asked for', async () => {
    await plinth.apply();
    expect(await plinth.drift({ target: 'reports' })).toMatchObject([
      { state: 'none', targets: [{ target: 'shop' }, { target: 'reports' }] },
    ]);
  });

  test('and is looked at in each database', async () => {
    const other = await createTestDatabase();
    try {
      writeFileSync(
        join(made.root, 'plinth.yaml'),
        'version: 1\nproject: shop\ntargets:\n  shop:\n    migrations: shop\n    url: ${SHOP}\n  reports:\n    migrations: reports\n    url: ${REPORTS}\n',
      );
      const environment = { SHOP: place.url, REPORTS: other.url };
      const both = await open({ cwd: made.root, environment });
      await both.apply();
      await change('create table public.stray ()');
      expect(await both.drift()).toMatchObject([
        { state: 'drifted', database: place.name, differences: [{ verdict: 'unmade' }] },
        { state: 'none', database: other.name },
      ]);
      await expect(both.diff()).rejects.toMatchObject({ code: 'PROJECT_TARGET_NEEDED' });
    } finally {
      await other.drop();
    }
  });

  test('made again once a migration is applied, taken back, or applied with another text', async () => {
    await plinth.apply();
    expect(await plinth.drift()).toMatchObject([{ expected: { from: 'throwaway database' } }]);
    made.write({
      'reports/0002_more.up.sql': 'create table reports.more (id int);',
      'reports/0002_more.down.sql': 'drop table reports.more;',
    });
    await plinth.apply();
    expect(await plinth.drift()).toMatchObject([{ state: 'none', expected: { from: 'throwaway database' } }]);
    await plinth.rollback({ target: 'reports' });
    expect(await plinth.drift()).toMatchObject([{ state: 'none', expected: { from: 'cache' } }]);
    made.write({ 'reports/0002_more.up.sql': 'create table reports.more (id bigint);' });
    await plinth.apply();
    expect(await plinth.drift()).toMatchObject([{ state: 'none', expected: { from: 'throwaway database' } }]);
  });

  test('and a kept schema that was damaged is made again', async () => {
    await plinth.apply();
    await plinth.drift();
    const folder = join(made.root, '.plinth/cache/expected-schemas');
    for (const name of readdirSync(folder)) {
      writeFileSync(join(folder, name), '{"model":');
    }
    expect(await plinth.drift()).toMatchObject([{ state: 'none', expected: { from: 'throwaway database' } }]);
  });
});

describe('what comes and goes with data is no drift', () => {
  test('partitions that add nothing to their table', async () => {
    await plinth.apply();
    const span = `for values from ('2026-01-01') to ('2026-02-01')`;
    await change(`create table shop.orders_2026_01 partition of shop.orders ${span}`);
    expect(await found()).toEqual([]);
    expect(await plinth.drift({ partitions: true })).toMatchObject([
      { state: 'drifted', differences: [{ path: ['shop', 'orders_2026_01'] }] },
    ]);
    await change('create index mine on shop.orders_2026_01 (note)');
    expect(await found()).toEqual(['unmade: table shop.orders_2026_01']);
  });
});

describe('drift is not known', () => {
  test('of a database without a ledger, whose exit code is no success', async () => {
    await change('create table public.old ()');
    expect(await plinth.drift()).toMatchObject([
      { state: 'unknown', notKnown: { kind: 'no-ledger' }, differences: [], targets: [] },
    ]);
  });

  test('where a migration is half-done', async () => {
    made.write({
      'reports/0002_half.up.sql': 'create index concurrently half on reports.totals (day);\nselect 1 / 0;',
    });
    await plinth.apply().catch(() => {});
    expect(await plinth.drift()).toMatchObject([
      { state: 'unknown', notKnown: { kind: 'under-way', message: expect.stringContaining('0002_half') } },
    ]);
  });

  test('before a baseline without files', async () => {
    await change('create table public.old ()');
    await plinth.baseline({ target: 'shop', version: '0000' });
    expect(await plinth.drift({ target: 'shop' })).toMatchObject([
      { state: 'unknown', notKnown: { kind: 'baseline', message: expect.stringContaining('0000') } },
    ]);
  });

  test('where the texts cannot be applied to an empty database', async () => {
    await change('create table public.there (id int); insert into public.there values (1)');
    made.write({
      'reports/0002_data.up.sql': 'alter table public.there add column more int;',
      'reports/0002_data.down.sql': 'select 1;',
    });
    await plinth.apply();
    expect(await plinth.drift()).toMatchObject([
      {
        state: 'unknown',
        notKnown: { kind: 'not-rebuilt', message: expect.stringContaining('"public.there"') },
      },
    ]);
  });
});

describe('what was not applied by Plinth is said', () => {
  test('a baseline stands for the files up to it', async () => {
    await change(SHOP_FILES['shop/0001_customers.up.sql']!);
    await plinth.baseline({ target: 'shop', version: '0001' });
    const [drift] = await plinth.drift({ target: 'shop' });
    expect(drift).toMatchObject({ state: 'none', notices: [expect.stringContaining('baseline 0001')] });
    await change('alter table shop.customers add column more int');
    expect(await plinth.drift({ target: 'shop' })).toMatchObject([
      {
        state: 'drifted',
        differences: [{ verdict: 'unmade' }],
        notices: [expect.stringContaining('baseline')],
      },
    ]);
  });

  test('what was adopted, without the other tool’s table', async () => {
    await change(SHOP_FILES['shop/0001_customers.up.sql']!);
    await change(
      'create table schema_migrations (version bigint not null primary key, dirty boolean not null)',
    );
    await change('insert into schema_migrations values (1, false)');
    await plinth.adopt({ target: 'shop' });
    expect(await plinth.drift({ target: 'shop' })).toMatchObject([
      { state: 'none', notices: [expect.stringContaining('taken over from another tool')] },
    ]);
  });

  test('what several roles have applied: who owns it is not compared', async () => {
    const role = `plinth_test_${place.name.slice(-12)}`;
    await change(`create role ${role} superuser login password 'x'`);
    try {
      await plinth.apply({ target: 'shop' });
      const url = new URL(place.url);
      url.username = role;
      url.password = 'x';
      await (await open({ cwd: made.root, url: url.href })).apply({ target: 'reports' });
      const [drift] = await plinth.drift();
      expect(drift).toMatchObject({ state: 'none', notices: [expect.stringContaining('several roles')] });
    } finally {
      await change(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`);
    }
  });

  test('one role that is not the one that asks owns what it applied', async () => {
    const role = `plinth_test_${place.name.slice(-12)}`;
    await change(`create role ${role} superuser login password 'x'`);
    try {
      const url = new URL(place.url);
      url.username = role;
      url.password = 'x';
      await (await open({ cwd: made.root, url: url.href })).apply();
      expect(await plinth.drift()).toMatchObject([{ state: 'none', notices: [] }]);
      await change('alter table shop.customers owner to current_user');
      expect(await found()).toEqual(expect.arrayContaining(['differs: table shop.customers']));
      expect(await plinth.drift({ ignore: ['owners'] })).toMatchObject([{ state: 'none' }]);
    } finally {
      await change(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`);
    }
  });
});

describe('a pending migration is recorded as applied', () => {
  const NEXT = {
    'reports/0002_next.up.sql': 'alter table reports.totals add column more int;',
    'reports/0002_next.down.sql': 'alter table reports.totals drop column more;',
  };

  test('only where the database is as it would make it', async () => {
    await plinth.apply();
    made.write(NEXT);
    expect(await plinth.drift({ target: 'reports', record: '0002' })).toMatchObject([
      { state: 'drifted', differences: [{ verdict: 'gone', path: ['reports', 'totals', 'more'] }] },
    ]);
    expect(await plinth.status({ target: 'reports' })).toMatchObject([{ counts: { pending: 1 } }]);
    await change('alter table reports.totals add column more int');
    expect(await plinth.drift({ target: 'reports', record: '2' })).toMatchObject([{ recorded: '0002' }]);
    expect(await plinth.status({ target: 'reports' })).toMatchObject([
      { counts: { pending: 0, applied: 2 } },
    ]);
    await plinth.rollback({ target: 'reports' });
    expect(await found()).toEqual([]);
  });

  test('and neither one that is applied already nor one that is not there', async () => {
    await plinth.apply();
    await expect(plinth.drift({ target: 'reports', record: '0001' })).rejects.toMatchObject({
      code: 'MIGRATE_NOT_REPAIRABLE',
    });
    await expect(plinth.drift({ target: 'reports', record: '0009' })).rejects.toMatchObject({
      code: 'MIGRATE_VERSION_UNKNOWN',
    });
    await expect(plinth.drift({ record: '0001' })).rejects.toMatchObject({ code: 'PROJECT_TARGET_NEEDED' });
  });
});

describe('a fleet', () => {
  test('of schemas is looked at schema by schema', async () => {
    await change('create schema acme; create schema globex');
    const files = {
      'shop/0001_users.up.sql':
        'create table users (id int, name text);\ncreate index users_name_idx on users (name);',
      'shop/0001_users.down.sql': 'drop table users;',
    };
    const fleet = project(files);
    fleet.write({
      'plinth.yaml':
        'version: 1\nproject: shop\ntargets:\n  shop:\n    migrations: shop\n    fleet:\n      schemas: [acme, globex]\n',
    });
    plinth = await open({ cwd: fleet.root, url: place.url });
    await plinth.apply();
    expect(await plinth.drift()).toMatchObject([
      { member: 'acme', state: 'none' },
      { member: 'globex', state: 'none' },
    ]);
    await change('drop index globex.users_name_idx');
    expect(await plinth.drift()).toMatchObject([
      { member: 'acme', state: 'none' },
      {
        member: 'globex',
        state: 'drifted',
        differences: [{ verdict: 'gone', kind: 'index', madeBy: { version: '0001' } }],
      },
    ]);
    expect((await plinth.health({ drift: true })).targets).toMatchObject([
      { member: 'acme', drift: 'none' },
      { member: 'globex', drift: 'drifted' },
    ]);
  });

  test('of databases is looked at database by database', async () => {
    const other = await createTestDatabase();
    try {
      made.write({
        'plinth.yaml': `version: 1\nproject: shop\ntargets:\n  shop:\n    migrations: shop\n    fleet:\n      databases: [${place.name}, ${other.name}]\n`,
      });
      plinth = await open({ cwd: made.root, url: withDatabaseName(place.url, place.name) });
      await plinth.apply();
      await change('drop view shop.recent');
      expect(await plinth.drift()).toMatchObject([
        { member: place.name, state: 'drifted', differences: [{ verdict: 'gone', kind: 'view' }] },
        { member: other.name, state: 'none', expected: { from: 'cache' } },
      ]);
    } finally {
      await other.drop();
    }
  });
});

describe('others hear of it', () => {
  test('health, from what a comparison has kept', async () => {
    await plinth.apply();
    const drift = async () => (await plinth.health({ drift: true })).targets.map((target) => target.drift);
    expect(await drift()).toEqual(['unknown', 'unknown']);
    await plinth.drift();
    expect(await drift()).toEqual(['none', 'none']);
    await change('drop view shop.recent');
    expect(await drift()).toEqual(['drifted', 'drifted']);
    expect(await plinth.health()).toMatchObject({
      targets: [{ drift: 'not-checked' }, { drift: 'not-checked' }],
    });
  });

  test('metrics and the log, of the comparison and not of the throwaway database', async () => {
    await plinth.apply();
    forgetMetrics();
    const events: string[] = [];
    const stop = onLog(({ event, target, status }) => events.push(`${event} ${target} ${status}`));
    try {
      await change('drop view shop.recent');
      await plinth.drift({ target: 'shop' });
    } finally {
      stop();
    }
    expect(events).toEqual(['drift.checked shop drifted']);
    expect([...recordedMetrics().keys()].sort()).toEqual([
      'plinth.drift.differences',
      'plinth.drift.duration',
      'plinth.drift.end_time',
      'plinth.drift.known',
    ]);
    const series = [...recordedMetrics().get('plinth.drift.differences')!.values()];
    expect(series).toMatchObject([{ value: 1, attributes: { 'plinth.target': 'shop' } }]);
  });
});
