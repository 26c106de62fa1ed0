import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import { copyUsageEvents, markedBuckets } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import type { EventRow } from './rollups/by-hand.js';
import { anyEventRow, prepareDays } from './rollups/event-rows.js';
import { createUsageDatabase, EMPTY_USAGE } from './support.js';

const COLUMNS = [
  'organization_id',
  'event_time',
  'event_id',
  'model_id',
  'status',
  'usage_known',
  'operation',
  'source',
];

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

function rowsOf(events: readonly EventRow[]) {
  const line = (event: EventRow): string =>
    `${COLUMNS.map((name) => {
      const value = name === 'usage_known' ? false : event[name];
      return value instanceof Date ? value.toISOString() : String(value);
    }).join('\t')}\n`;
  return { columns: COLUMNS, lines: () => events.map(line) };
}

const events = fc.sample(anyEventRow, { seed: 23, numRuns: 200 }) as EventRow[];

async function count(): Promise<bigint> {
  const [row] = await session.query<{ n: bigint }>('select count(*) as n from analytics.usage_events');
  return row!.n;
}

describe('copying events', () => {
  test.each([false, true])(
    'adds those that are not there, and says how many were (expecting duplicates: %s)',
    async (expectDuplicates) => {
      const copy = (some: readonly EventRow[]) =>
        copyUsageEvents(session, { ...rowsOf(some), expectDuplicates });
      expect(await copy(events.slice(0, 100))).toEqual({ rowsInserted: 100, rowsDuplicate: 0 });
      expect(await copy(events.slice(50, 150))).toEqual({ rowsInserted: 50, rowsDuplicate: 50 });
      expect(await copy([...events.slice(150), ...events.slice(150)])).toEqual({
        rowsInserted: 50,
        rowsDuplicate: 50,
      });
      expect(await copy(events)).toEqual({ rowsInserted: 0, rowsDuplicate: 200 });
      expect(await count()).toBe(200n);
    },
  );

  test('marks the hours of what was added, and nothing where nothing was', async () => {
    await copyUsageEvents(session, rowsOf(events));
    expect((await markedBuckets(session)).length).toBeGreaterThan(1);
    await session.run('truncate analytics.rollup_marks');
    await copyUsageEvents(session, rowsOf(events));
    expect(await markedBuckets(session)).toEqual([]);
  });

  test('adds nothing of a batch with a row that is no event', async () => {
    const bad = { ...events[1]!, status: 7 };
    await expect(copyUsageEvents(session, rowsOf([events[0]!, bad]))).rejects.toMatchObject({
      code: 'DATABASE_STATEMENT_FAILED',
    });
    expect(await count()).toBe(0n);
  });

  test('of the same events by several at once adds each once', async () => {
    const copies = [events, [...events].reverse(), events.slice(60), [...events.slice(0, 140)].reverse()];
    const copied = await Promise.all(
      copies.map((some) => withSession(db.database, (own) => copyUsageEvents(own, rowsOf(some)))),
    );
    expect(copied.reduce((sum, { rowsInserted }) => sum + rowsInserted, 0)).toBe(200);
    expect(await count()).toBe(200n);
  });
});
