/** Questions about keys of which a cap has folded some. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../../src/database/index.js';
import { groupsText } from '../../../src/report/index.js';
import { styleFor } from '../../../src/report/style.js';
import { ensureUsagePartitions, refreshRollups, usageGroups, usageTrend } from '../../../src/usage/index.js';
import { CAPS_TABLE } from '../../../src/usage/rollup/cap.js';
import { sourceColumn } from '../../../src/usage/rollup/source-columns.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, ROLLUPS } from '../support.js';

const rollups = ROLLUPS.map((rollup) =>
  rollup.caps.length > 0 ? { ...rollup, caps: [{ column: sourceColumn('api_key_id')!, at: 2 }] } : rollup,
);
const SPAN = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-03T00:00:00Z') };
const key = (n: number): string => `0190a002-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await ensureUsagePartitions(session, { from: SPAN.from, to: new Date('2026-03-04T00:00:00Z') });
  await session.run("insert into analytics.models (provider, name) values ('acme', 'large')");
  await insert(ORGANIZATION, '2026-03-01', [1, 1, 1, 2, 2, 3, 4, 5]);
  await insert(OTHER_ORGANIZATION, '2026-03-01', [6, 7]);
  await refreshRollups(session, { rollups });
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

async function insert(
  organization: string,
  day: string,
  keys: readonly number[],
  by = session,
): Promise<void> {
  await by.query(
    `insert into analytics.usage_events
       (organization_id, event_time, event_id, api_key_id, model_id, status, usage_known, operation, source)
     select $1, analytics.uuid_v7_time(id), id, key, 1, 200, true, 'chat', 'test'
       from unnest($2::uuid[]) with ordinality as k (key, n),
            lateral analytics.uuid_v7_at($3::timestamptz + n * interval '1 hour') as id`,
    [organization, keys.map(key), `${day}T00:00:00Z`],
  );
}

describe('keys beyond a cap', () => {
  test('are one group, by name, and the answer says how much it holds and whose it is', async () => {
    const answer = await usageGroups(session, { rollups, ...SPAN, by: 'key' });
    expect(
      answer.groups.map(({ key: group, requests }) => [
        group.organization_id,
        group.api_key_id,
        Number(requests),
      ]),
    ).toEqual([
      [ORGANIZATION, key(1), 3],
      [ORGANIZATION, '__other__', 3],
      [ORGANIZATION, key(2), 2],
      [OTHER_ORGANIZATION, key(6), 1],
      [OTHER_ORGANIZATION, key(7), 1],
    ]);
    expect(answer.source.folded).toEqual([
      { dimension: 'api_key_id', organizations: 1, buckets: 1, events: 3n },
    ]);
    expect(answer.total.requests).toBe(10n);
    expect(groupsText(answer, styleFor(false))).toContain(
      '__other__ holds 3 requests of 1 organization whose api_key_id is beyond the cap of the rollup',
    );
  });

  test('are not spoken of where they are not: of another tenant, by another grouping, on another day', async () => {
    const other = { rollups, ...SPAN, organizationId: OTHER_ORGANIZATION, by: 'key' } as const;
    expect((await usageGroups(session, other)).source.folded).toBeUndefined();
    expect((await usageGroups(session, { rollups, ...SPAN, by: 'model' })).source.folded).toBeUndefined();
    const later = { from: new Date('2026-03-02T00:00:00Z'), to: SPAN.to };
    expect((await usageGroups(session, { rollups, ...later, by: 'key' })).source.folded).toBeUndefined();
  });

  test('are told one by one from the events when one is asked for', async () => {
    const ask = (n: number, organizationId: string) =>
      usageTrend(session, { rollups, ...SPAN, grain: 'day', organizationId, apiKeyId: key(n) });
    const folded = await ask(4, ORGANIZATION);
    expect(folded.total.requests).toBe(1n);
    expect(folded.source).toMatchObject({
      rollup: undefined,
      why: 'day_organization_key_model has folded values of api_key_id beyond its cap',
    });
    const kept = await ask(6, OTHER_ORGANIZATION);
    expect([kept.source.rollup, kept.total.requests]).toEqual(['day_organization_key_model', 1n]);
  });

  test('are told one by one as long as they are not rolled up', async () => {
    await insert(ORGANIZATION, '2026-03-02', [1, 2, 3, 4]);
    const before = await usageGroups(session, { rollups, ...SPAN, by: 'key', organizationId: ORGANIZATION });
    expect(before.groups.map(({ key: group }) => group.api_key_id)).toEqual([
      key(1),
      key(2),
      '__other__',
      key(3),
      key(4),
    ]);
    await refreshRollups(session, { rollups });
    const after = await usageGroups(session, { rollups, ...SPAN, by: 'key', organizationId: ORGANIZATION });
    expect(after.groups.map(({ key: group, requests }) => [group.api_key_id, Number(requests)])).toEqual([
      ['__other__', 5],
      [key(1), 4],
      [key(2), 3],
    ]);
    expect(after.total.requests).toBe(before.total.requests);
  });

  test('are in the answer also when they are folded while it is read', async () => {
    await insert(ORGANIZATION, '2026-03-03', [1, 2, 3, 4]);
    const later = { from: SPAN.to, to: new Date('2026-03-04T00:00:00Z') };
    const ask = { rollups, ...later, grain: 'day', organizationId: ORGANIZATION, apiKeyId: key(4) } as const;
    const refresh = (worker: Session) => refreshRollups(worker, { rollups });
    expect((await usageTrend(meanwhile(CAPS_TABLE, refresh), ask)).total.requests).toBe(1n);
  });
});

test('groups and their total are as of one moment', async () => {
  const record = async (writer: Session): Promise<void> => {
    await insert(ORGANIZATION, '2026-03-01', [1, 1, 1, 1], writer);
  };
  const ask = { rollups, ...SPAN, by: 'organization', limit: 1, compare: true } as const;
  const before = await usageGroups(session, ask);
  expect(await usageGroups(meanwhile('ranked', record), ask)).toEqual(before);
  expect((await usageGroups(session, ask)).total.requests).toBe(before.total.requests + 4n);
});

/** The session, with something that another one does after the first statement that names `what`. */
function meanwhile(what: string, work: (other: Session) => Promise<unknown>): Session {
  let isDone = false;
  const query: Session['query'] = async (sql, ...more) => {
    const rows = await session.query<never>(sql, ...more);
    if (!isDone && sql.includes(what)) {
      isDone = true;
      await withSession(db.database, work);
    }
    return rows;
  };
  return new Proxy(session, {
    get: (target, name) => {
      const value: unknown = name === 'query' ? query : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
