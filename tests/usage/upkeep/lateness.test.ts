import { describe, expect, test } from 'vitest';
import {
  latenessOf,
  type PlatformUpkeep,
  UPKEEP_SUBJECTS,
  type UpkeepState,
} from '../../../src/usage/index.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const ahead = (ms: number): Date => new Date(NOW.getTime() + ms);

const USAGE: UpkeepState = {
  madeUntil: ahead(14 * DAY_MS + HOUR_MS),
  hasPartitions: true,
  marks: 0,
  markedBuckets: 0,
  oldestMarkAt: undefined,
  dueDays: [],
  overdue: [],
  replacedFiles: 0,
  oldestReplacedAt: undefined,
};
const PLATFORM: PlatformUpkeep = {
  auditMadeUntil: ahead(40 * DAY_MS),
  hasAuditPartitions: true,
  expiredReservations: 0,
  oldestExpiredAt: undefined,
};
const OPTIONS = {
  partitionsAheadMs: 14 * DAY_MS,
  sealAfterMs: 35 * DAY_MS,
  lateAfterMs: 15 * MINUTE_MS,
  now: NOW,
};

function late(
  usage: Partial<UpkeepState>,
  platform: Partial<PlatformUpkeep> = {},
  options: { failAfterMs?: number } = {},
) {
  return latenessOf({ ...USAGE, ...usage }, { ...PLATFORM, ...platform }, { ...OPTIONS, ...options })
    .filter(({ lateMs }) => lateMs > 0)
    .map(({ subject, lateMs, status, message }) => [subject, lateMs, status, message]);
}

describe('upkeep', () => {
  test('that is done is late in nothing, and everything that is kept up is told', () => {
    expect(late({})).toEqual([]);
    expect(latenessOf(USAGE, PLATFORM, OPTIONS).map(({ subject }) => subject)).toEqual(UPKEEP_SUBJECTS);
    expect(latenessOf(undefined, undefined, OPTIONS)).toEqual([]);
  });

  test('of partitions is late when less than half of what is wanted is left, and by what is missing', () => {
    expect(late({ madeUntil: ahead(8 * DAY_MS) })).toEqual([['usage partitions', 6 * DAY_MS, 'ok', '']]);
    expect(late({ madeUntil: ahead(5 * DAY_MS) })).toEqual([
      ['usage partitions', 9 * DAY_MS, 'late', 'partitions of usage events end at 2026-11-26'],
    ]);
    expect(late({}, { auditMadeUntil: ahead(10 * DAY_MS) })).toEqual([
      ['audit partitions', 25 * DAY_MS, 'late', 'partitions of audit events end at 2026-12-01'],
    ]);
  });

  test('fails where today has no partition, and only where there have been some', () => {
    const message = 'there is no partition for the usage events of today';
    expect(late({ madeUntil: undefined })).toEqual([['usage partitions', 14 * DAY_MS, 'failing', message]]);
    expect(late({ madeUntil: undefined, hasPartitions: false })).toEqual([
      ['usage partitions', 14 * DAY_MS, 'late', message],
    ]);
  });

  test('of rollups counts from the oldest mark', () => {
    const marked = { marks: 9, markedBuckets: 2 };
    expect(late({ ...marked, oldestMarkAt: ago(10 * MINUTE_MS) })[0]!.slice(0, 3)).toEqual([
      'rollups',
      10 * MINUTE_MS,
      'ok',
    ]);
    expect(late({ ...marked, oldestMarkAt: ago(3 * HOUR_MS) })).toEqual([
      ['rollups', 3 * HOUR_MS, 'late', 'changes of 2 buckets wait to be rolled up, for 3 hours'],
    ]);
  });

  test('of the history counts from when the first day was due', () => {
    // The day ended 36 days and 12 hours ago.
    expect(late({ dueDays: ['2026-10-15', '2026-10-16'] })).toEqual([
      ['history', 1.5 * DAY_MS, 'late', '2 days should be in the history, from 2026-10-15 on, for 36 hours'],
    ]);
  });

  test('of replaced files, of what retention should have taken and of reservations counts from the first', () => {
    expect(late({ replacedFiles: 1, oldestReplacedAt: ago(DAY_MS) })[0]![2]).toBe('ok');
    expect(late({ replacedFiles: 1, oldestReplacedAt: ago(3 * DAY_MS) })).toEqual([
      [
        'replaced files',
        3 * DAY_MS,
        'late',
        '1 file of the history that others have replaced is still kept, for 3 days',
      ],
    ]);
    expect(
      late({
        overdue: [
          { rollup: 'a', since: ago(HOUR_MS) },
          { rollup: 'b', since: ago(2 * HOUR_MS) },
        ],
      }),
    ).toEqual([
      ['retention', 2 * HOUR_MS, 'late', 'rows of a and b are older than they are kept, for 2 hours'],
    ]);
    expect(late({}, { expiredReservations: 3, oldestExpiredAt: ago(20 * MINUTE_MS) })).toEqual([
      ['reservations', 20 * MINUTE_MS, 'late', '3 reservations that ran out are still held, for 20 minutes'],
    ]);
  });

  test('makes a project unfit beyond a bound, where one is given', () => {
    const usage = { marks: 1, markedBuckets: 1, oldestMarkAt: ago(3 * HOUR_MS) };
    expect(late(usage, {}, { failAfterMs: 4 * HOUR_MS })[0]![2]).toBe('late');
    expect(late(usage, {}, { failAfterMs: 2 * HOUR_MS })[0]![2]).toBe('failing');
  });
});
