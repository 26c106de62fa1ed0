/** Each kind of change by hand, as `plinth drift` tells it, on every server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { type DatabaseDrift, open, type Plinth } from '../../src/index.js';
import { addressText } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { projectMaker } from './projects.js';

interface HandChange {
  readonly title: string;
  readonly sql: string;
  readonly undo: string;
  /** What is found, each with the migration that made it. */
  readonly found: readonly string[];
}

const CHANGES: readonly HandChange[] = [
  {
    title: 'a new table',
    sql: 'create table shop.extra (id int)',
    undo: 'drop table shop.extra',
    found: ['unmade: table shop.extra'],
  },
  {
    title: 'a new column',
    sql: 'alter table shop.customers add nickname text',
    undo: 'alter table shop.customers drop nickname',
    found: ['unmade: column shop.customers.nickname'],
  },
  {
    title: 'a changed type',
    sql: 'alter table reports.totals alter total type numeric',
    undo: 'alter table reports.totals alter total type bigint',
    found: ['differs: column reports.totals.total (type) by reports 0001'],
  },
  {
    title: 'a lost not-null',
    sql: 'alter table shop.customers alter email drop not null',
    undo: 'alter table shop.customers alter email set not null',
    found: ['differs: column shop.customers.email (notNull) by shop 0001'],
  },
  {
    title: 'a changed default',
    sql: "alter table shop.customers alter level set default 'gold'",
    undo: "alter table shop.customers alter level set default 'basic'",
    found: ['differs: column shop.customers.level (default) by shop 0001'],
  },
  {
    title: 'a dropped index',
    sql: 'drop index shop.customers_email_idx',
    undo: 'create index customers_email_idx on shop.customers (email)',
    found: ['gone: index shop.customers.customers_email_idx by shop 0001'],
  },
  {
    title: 'an index of another form',
    sql: 'drop index shop.customers_email_idx; create index customers_email_idx on shop.customers (lower(email))',
    undo: 'drop index shop.customers_email_idx; create index customers_email_idx on shop.customers (email)',
    found: ['differs: index shop.customers.customers_email_idx (definition, keys) by shop 0001'],
  },
  {
    title: 'a dropped constraint',
    sql: 'alter table shop.customers drop constraint customers_email_check',
    undo: 'alter table shop.customers add constraint customers_email_check check (length(email) > 2)',
    found: ['gone: constraint shop.customers.customers_email_check by shop 0001'],
  },
  {
    title: 'a loosened constraint',
    sql: 'alter table shop.customers drop constraint customers_email_check, add constraint customers_email_check check (length(email) > 2) not valid',
    undo: 'alter table shop.customers validate constraint customers_email_check',
    found: ['differs: constraint shop.customers.customers_email_check (definition, notValid) by shop 0001'],
  },
  {
    title: 'another function body',
    sql: 'create or replace function shop.touch() returns trigger language plpgsql as $$ begin return new; end $$',
    undo: `create or replace function shop.touch() returns trigger language plpgsql as $$
begin
  new.note := trim(new.note);
  return new;
end
$$`,
    found: ['differs: routine shop.touch() (definition) by shop 0002'],
  },
  {
    title: 'a disabled trigger',
    sql: 'alter table shop.orders disable trigger orders_touch',
    undo: 'alter table shop.orders enable trigger orders_touch',
    found: ['differs: trigger shop.orders.orders_touch (enabled) by shop 0002'],
  },
  {
    title: 'row-level security switched off',
    sql: 'alter table shop.orders disable row level security',
    undo: 'alter table shop.orders enable row level security',
    found: ['differs: table shop.orders (rowSecurity) by shop 0002'],
  },
  {
    title: 'a policy that lets everybody see everything',
    sql: 'alter policy orders_all on shop.orders using (true)',
    undo: 'alter policy orders_all on shop.orders using (customer_id > 0)',
    found: ['differs: policy shop.orders.orders_all (using) by shop 0002'],
  },
  {
    title: 'another view',
    sql: 'create or replace view shop.recent as select id, note from shop.orders where id > 7',
    undo: 'create or replace view shop.recent as select id, note from shop.orders',
    found: ['differs: view shop.recent (definition) by shop 0002'],
  },
  {
    title: 'a sequence of other steps',
    sql: 'alter sequence shop.numbers increment 10',
    undo: 'alter sequence shop.numbers increment 1',
    found: ['differs: sequence shop.numbers (increment) by shop 0002'],
  },
  {
    title: 'a comment',
    sql: `comment on table shop.customers is 'Somebody.'`,
    undo: `comment on table shop.customers is 'Who buys.'`,
    found: ['differs: table shop.customers (comment) by shop 0001'],
  },
  {
    title: 'a grant to everybody',
    sql: 'grant select on shop.customers to public',
    undo: 'revoke select on shop.customers from public',
    found: ['differs: table shop.customers (grants) by shop 0001'],
  },
  {
    title: 'an extension',
    sql: 'create extension btree_gist',
    undo: 'drop extension btree_gist',
    found: ['unmade: extension btree_gist'],
  },
];

function told(drifts: readonly DatabaseDrift[]): string[] {
  return drifts.flatMap(({ differences }) =>
    differences.map((difference) => {
      const { verdict, properties = [], madeBy } = difference;
      const what = properties.length > 0 ? ` (${properties.map(({ property }) => property).join(', ')})` : '';
      const by = madeBy ? ` by ${madeBy.target} ${madeBy.version}` : '';
      return `${verdict}: ${addressText(difference)}${what}${by}`;
    }),
  );
}

const project = projectMaker();

describeOnEveryServer('drift', ({ url }) => {
  let place: TestDatabase;
  let plinth: Plinth;
  const change = (sql: string) => withSession(place.database, (session) => session.run(sql));

  beforeAll(async () => {
    place = await createTestDatabase({ serverUrl: await url() });
    plinth = await open({ cwd: project().root, url: place.url });
    await plinth.apply();
  });
  afterAll(() => place.drop());

  test('is none after applying; the second look starts no server', async () => {
    const [first, ...others] = await plinth.drift();
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      state: 'none',
      differences: [],
      database: place.name,
      targets: [
        { target: 'shop', migrations: 2, version: '0002' },
        { target: 'reports', migrations: 1, version: '0001' },
      ],
      expected: { from: 'throwaway database' },
    });
    expect(await plinth.drift()).toMatchObject([{ state: 'none', expected: { from: 'cache' } }]);
  });

  test.each(CHANGES)('tells of $title, and of nothing else', async ({ sql, undo, found }) => {
    await change(sql);
    try {
      const drifts = await plinth.drift();
      expect(told(drifts)).toEqual(found);
      expect(drifts).toMatchObject([{ state: 'drifted', expected: { from: 'cache' } }]);
    } finally {
      await change(undo);
    }
    expect(told(await plinth.drift())).toEqual([]);
  });

  test('tells of one more value of an enum, which nothing takes back', async () => {
    await change(`alter type shop.level add value 'platinum'`);
    expect(told(await plinth.drift())).toEqual(['differs: type shop.level (labels) by shop 0001']);
  });
});
