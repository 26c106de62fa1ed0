import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readPackageFile } from '../../../src/core/index.js';
import { type Session, withSession } from '../../../src/database/index.js';
import { markedBuckets, Pace, reconcileUsage, refreshRollups, usageTrend } from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import {
  createUsageDatabase,
  EMPTY_USAGE,
  ORGANIZATION as HOT,
  OTHER_ORGANIZATION as QUIET,
  ROLLUPS as rollups,
} from '../support.js';
import { prepareDays } from './event-rows.js';

const BUSY_HOUR = new Date('2025-12-31T12:00:00Z');
const CALM_HOUR = new Date('2025-12-31T03:00:00Z');
const SPAN = { from: new Date('2025-12-31T00:00:00Z'), to: new Date('2026-01-01T00:00:00Z') };

/**
 * A tenant that never stops: whenever its hour has been computed, and the marks that were seen have gone, there are
 * new ones. More than make a bucket busy.
 */
const NEVER_STOPS = `
  create function public.never_stops() returns trigger language plpgsql as $$
  begin
    insert into analytics.rollup_marks (subject, bucket_start)
    select 'usage_events', new.bucket_start from generate_series(1, 150);
    return null;
  end $$;
  create constraint trigger never_stops
    after insert on analytics.usage_rollups_hour_organization
    deferrable initially deferred
    for each row
    when (new.bucket_start = '${BUSY_HOUR.toISOString()}' and new.organization_id = '${HOT}')
    execute function public.never_stops()`;

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await prepareDays(session);
});
afterAll(async () => {
  await session.close();
  await db.drop();
});
beforeEach(() => session.run(EMPTY_USAGE));

async function insert(organization: string, hour: Date, events: number, by = session): Promise<void> {
  await by.query(
    `insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
     select $1, analytics.uuid_v7_time(id), id, 1, 200, true, 'chat', 'test'
       from generate_series(1, $3) as n, lateral analytics.uuid_v7_at($2::timestamptz + n * interval '1 second') as id`,
    [organization, hour, events],
  );
}

async function requests(rollup: string, organization: string): Promise<number> {
  const [row] = await session.query<{ n: number }>(
    `select coalesce(sum(requests), 0)::integer as n from analytics.usage_rollups_${rollup} where organization_id = $1`,
    [organization],
  );
  return row!.n;
}

const marked = async () =>
  (await markedBuckets(session)).map(({ subject, bucketStart }) => [subject, bucketStart]);

describe('beside a tenant that never stops', () => {
  beforeAll(() => session.run(NEVER_STOPS));
  afterAll(() => session.run('drop function public.never_stops() cascade'));

  test('a run ends, and hours, days and months of a quiet one are fresh after one', async () => {
    await insert(HOT, BUSY_HOUR, 90);
    await insert(QUIET, CALM_HOUR, 10);
    const refresh = await refreshRollups(session, { rollups });
    for (const rollup of ['hour_organization', 'day_organization_key_model', 'month_organization']) {
      expect(await requests(rollup, QUIET)).toBe(10);
    }
    expect(refresh).toMatchObject({ left: 1 });
    expect(await marked()).toEqual([['usage_events', BUSY_HOUR]]);
  });

  test('a quiet hour comes before the busy one', async () => {
    await insert(HOT, BUSY_HOUR, 90);
    await refreshRollups(session, { rollups });
    await insert(QUIET, CALM_HOUR, 10);
    await refreshRollups(session, { rollups });
    const rows = await session.query<{ organization_id: string }>(
      'select organization_id from analytics.usage_rollups_hour_organization order by refreshed_at',
    );
    expect(rows.map((row) => row.organization_id)).toEqual([QUIET, HOT]);
  });

  test('in every round of a worker the quiet hour is done, and the busy one only when it has rested', async () => {
    let clockMs = 0;
    const pace = new Pace(() => clockMs);
    await insert(HOT, BUSY_HOUR, 90);
    const hours = ({ rollups: done }: Awaited<ReturnType<typeof refreshRollups>>) =>
      done.find(({ rollup }) => rollup === 'hour_organization')?.buckets ?? 0;
    expect(hours(await refreshRollups(session, { rollups, pace }))).toBe(1);
    for (let round = 1; round <= 5; round += 1) {
      await insert(QUIET, new Date(CALM_HOUR.getTime() + round * 3_600_000), 1);
      expect(hours(await refreshRollups(session, { rollups, pace }))).toBe(1);
      expect(await requests('hour_organization', QUIET)).toBe(round);
    }
    expect(await marked()).toContainEqual(['usage_events', BUSY_HOUR]);
    clockMs += 3_600_000;
    expect(hours(await refreshRollups(session, { rollups, pace }))).toBe(1);
  });
});

describe('nobody waits for a hot tenant', () => {
  test('neither for its open transaction nor for the worker at its hour: no lock is waited for', async () => {
    await insert(HOT, BUSY_HOUR, 90);
    const [hot, blocker, worker] = await Promise.all([1, 2, 3].map(() => db.database.connect()));
    await hot!.run('begin');
    await insert(HOT, new Date(BUSY_HOUR.getTime() + 600_000), 90, hot);
    await blocker!.run('begin; lock table analytics.usage_rollups_hour_organization in share mode');
    const refreshing = refreshRollups(worker!, { rollups });
    const blockedBy = async (pid: number): Promise<number[]> => {
      const [row] = await session.query<{ pids: number[] }>('select pg_blocking_pids($1) as pids', [pid]);
      return row!.pids;
    };
    while ((await blockedBy(worker!.server.processId)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // The worker stands in the middle of the busy hour.
    for (let n = 3; n < 9; n += 1) {
      await withSession(db.database, async (quiet) => {
        await quiet.run("set lock_timeout = '1ms'");
        await insert(`0190a000-0000-7000-8000-00000000000${n}`, BUSY_HOUR, 5, quiet);
      });
    }
    const trend = await usageTrend(session, { rollups, ...SPAN, grain: 'day' });
    expect(trend.total.requests).toBe(120n);
    const [waiting] = await session.query<{ n: number }>(
      'select count(*)::integer as n from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
      [hot!.server.processId],
    );
    expect(waiting!.n).toBe(0);
    await blocker!.run('commit');
    await refreshing;
    await hot!.run('commit');
    await refreshRollups(session, { rollups });
    expect(await reconcileUsage(session, { rollups, ...SPAN })).toMatchObject({ isExact: true });
    expect(await requests('hour_organization', HOT)).toBe(180);
    await Promise.all([hot, blocker, worker].map((one) => one!.close()));
  });

  test('a worker leaves the hour to another one that is at it, and does the others', async () => {
    await insert(HOT, BUSY_HOUR, 90);
    await insert(QUIET, CALM_HOUR, 10);
    await withSession(db.database, async (other) => {
      await other.run('begin transaction isolation level repeatable read');
      await other.query(readPackageFile('src/usage/rollup/claim-buckets.sql'), [
        'usage_events',
        [BUSY_HOUR],
        ['usage_events'],
        '1 hour',
      ]);
      expect(await refreshRollups(session, { rollups })).toMatchObject({ left: 1, conflicts: 0 });
      expect(await requests('month_organization', QUIET)).toBe(10);
      await other.run('rollback');
    });
    expect(await refreshRollups(session, { rollups })).toMatchObject({ left: 0 });
  });
});
