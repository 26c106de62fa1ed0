import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPlinthError, type ProgressEvent } from '../../src/core/index.js';
import { openDatabase, type Session, withSession } from '../../src/database/index.js';
import { SEED_PROFILES, seed, seededOrganization, seedProfile } from '../../src/seed/index.js';
import { ORGANIZATION_TABLES } from '../../src/seed/tables.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import {
  contentSum,
  platformDatabase,
  rowCounts,
  rowVersionSum,
  SEEDED_TABLES,
} from './platform-database.js';

/** What the profiles hold. A change here is a change of everybody's sample data: make it knowingly. */
const PINNED = {
  dev: {
    rows: {
      'platform.models': 8,
      'platform.model_versions': 10,
      'platform.model_prices': 80,
      'platform.organizations': 12,
      'platform.users': 71,
      'platform.memberships': 74,
      'platform.api_keys': 30,
      'platform.model_entitlements': 84,
      'platform.budgets': 14,
    },
    sum: '187ab85824ede5f0179905123f6519c7613ad7acf2cce9586bdf52e28a1be4fb',
  },
  ci: {
    rows: {
      'platform.models': 8,
      'platform.model_versions': 10,
      'platform.model_prices': 80,
      'platform.organizations': 200,
      'platform.users': 372,
      'platform.memberships': 401,
      'platform.api_keys': 360,
      'platform.model_entitlements': 418,
      'platform.budgets': 206,
    },
    sum: '55dd78645572da6f9e84fa0ec34f343411c9c3d6eae96ddc1fff93616d196c6a',
  },
};

describeOnEveryServer('the seed', (server) => {
  let platform: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    platform = await platformDatabase(await server.url());
    session = await platform.database.connect();
  });

  afterAll(async () => {
    await session.close();
    await platform.drop();
  });

  test('loads the development profile, row for row what is pinned', async () => {
    const result = await seed(session, { profile: 'dev' });
    expect(await rowCounts(session)).toEqual(PINNED.dev.rows);
    expect(await contentSum(session)).toBe(PINNED.dev.sum);
    expect(Object.fromEntries(result.tables.map(({ table, inserted }) => [table, inserted]))).toEqual(
      PINNED.dev.rows,
    );
  });

  test('grows to the larger profile and keeps every row of the smaller one', async () => {
    const result = await seed(session, { profile: 'ci' });
    expect(await rowCounts(session)).toEqual(PINNED.ci.rows);
    expect(await contentSum(session)).toBe(PINNED.ci.sum);
    expect(result.inserted).toBe(result.rows - sumOf(PINNED.dev.rows));
  });

  test('changes nothing when it runs again', async () => {
    const before = await rowVersionSum(session);
    for (const profile of ['ci', 'dev'] as const) {
      const result = await seed(session, { profile });
      expect(result).toMatchObject({ inserted: 0, rowsPerSecond: 0, rows: sumOf(PINNED[profile].rows) });
    }
    expect(await rowVersionSum(session)).toBe(before);
  });

  test('has made the audit partitions of this month and the next two', async () => {
    const [row] = await session.query<{ partitions: bigint }>(
      `select count(*) as partitions from pg_inherits where inhparent = 'platform.audit_events'::regclass`,
    );
    expect(row!.partitions).toBe(3n);
  });
});

describe('the seed in a database of one’s own', () => {
  let platform: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    platform = await platformDatabase();
    session = await platform.database.connect();
  });

  afterAll(async () => {
    await session.close();
    await platform.drop();
  });

  test('tells of what it does', async () => {
    const events: ProgressEvent[] = [];
    await seed(session, {
      organizations: 30,
      partOrganizations: 10,
      onProgress: (event) => events.push(event),
    });
    expect(events.map(({ done }) => done)).toEqual([0, 10, 20, 30, 30]);
    expect(events.at(-1)).toEqual({
      task: 'seed',
      done: 30,
      total: 30,
      unit: 'organizations',
      state: 'done',
    });
  });

  test('stops at a row of somebody else’s that stands in the way, and keeps nothing of that part', async () => {
    const { slug } = seededOrganization(1, 45);
    await session.query(
      `insert into platform.organizations (slug, display_name) values ($1, 'Somebody else')`,
      [slug],
    );
    const before = await contentSum(session);
    const failure = await seed(session, { organizations: 50 }).catch((error: unknown) => error);
    expect(isPlinthError(failure, 'SEED_CONFLICT')).toBe(true);
    expect(failure).toMatchObject({
      message:
        'Cannot seed platform.organizations: a row that is not of the seed stands in the way (organizations_living_slug_key allows one of them)',
    });
    expect(await contentSum(session)).toBe(before);
  });

  test('keeps what people changed and what they added', async () => {
    await session.run(`
      delete from platform.organizations where display_name = 'Somebody else';
      update platform.organizations set display_name = 'Renamed' where slug = 'acme';
      insert into platform.budgets (organization_id, limit_nanos, name, period, currency)
      select id, 1, 'Ours', 'total', 'USD' from platform.organizations where slug = 'acme';
    `);
    const before = await rowVersionSum(session);
    const result = await seed(session, { organizations: 30 });
    expect(result.inserted).toBe(0);
    expect(await rowVersionSum(session)).toBe(before);
  });

  test('puts back the rows that were deleted, and touches no other', async () => {
    const whole = await contentSum(session);
    const { id } = seededOrganization(1, 5);
    const others = SEEDED_TABLES.filter(({ name }) => !/budgets|api_keys|entitlements/.test(name));
    const untouched = await rowVersionSum(session, others);
    for (const table of ['platform.budgets', 'platform.api_keys', 'platform.model_entitlements']) {
      await session.query(`delete from ${table} where organization_id = $1`, [id]);
    }
    const { inserted } = await seed(session, { organizations: 30, partOrganizations: 7 });
    expect(inserted).toBe(
      ORGANIZATION_TABLES.filter(({ name }) => /budgets|api_keys|entitlements/.test(name)).flatMap((table) =>
        table.lines(seededOrganization(1, 5)),
      ).length,
    );
    expect(await contentSum(session)).toBe(whole);
    expect(await rowVersionSum(session, others)).toBe(untouched);
  });

  test('loads the same when two run at the same time', async () => {
    await withSession(platform.database, async (other) => {
      const options = { organizations: 300, partOrganizations: 20 };
      const [one, two] = await Promise.all([seed(session, options), seed(other, options)]);
      expect(one.rows).toBe(two.rows);
      expect(one.inserted + two.inserted).toBeLessThan(one.rows);
    });
    const { inserted } = await seed(session, { organizations: 300 });
    expect(inserted).toBe(0);
  });

  test('gives other data under another seed, which has no room beside it', async () => {
    const other = await platformDatabase();
    await withSession(other.database, async (otherSession) => {
      await seed(otherSession, { profile: 'dev', seed: 2 });
      const one = await rowCounts(otherSession);
      expect(one['platform.organizations']).toBe(SEED_PROFILES.dev);
      expect(await contentSum(otherSession)).not.toBe(PINNED.dev.sum);
      await expect(seed(otherSession, { seed: 1 })).rejects.toMatchObject({ code: 'SEED_CONFLICT' });
    });
    await other.drop();
  });
});

describe('the seed refuses', () => {
  test('a database without the schema', async () => {
    const empty = await createTestDatabase();
    await withSession(openDatabase(empty.url), async (session) => {
      const failure = await seed(session).catch((error: unknown) => error);
      expect(isPlinthError(failure, 'SEED_SCHEMA_MISSING')).toBe(true);
      expect((failure as Error).message).toMatch(
        /it has no table platform\.models, platform\.model_versions, /,
      );
    });
    await empty.drop();
  });

  test.each([
    { organizations: -1 },
    { organizations: 1.5 },
    { organizations: Number.NaN },
    { organizations: 100_000_001 },
    { seed: -1 },
    { seed: 2 ** 32 },
    { partOrganizations: 0 },
  ])('a size that is none: %o', async (options) => {
    const untouched = undefined as unknown as Session;
    await expect(seed(untouched, options)).rejects.toMatchObject({ code: 'SEED_SIZE_INVALID' });
  });

  test('a profile that there is not, and suggests the nearest', () => {
    expect(seedProfile('staging')).toBe('staging');
    expect(() => seedProfile('stagin')).toThrow(
      "Cannot seed with the profile 'stagin': there is none of that name (dev, ci, staging were wanted)",
    );
    expect(() => seedProfile('toString')).toThrow(expect.objectContaining({ code: 'SEED_PROFILE_UNKNOWN' }));
  });
});

function sumOf(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
