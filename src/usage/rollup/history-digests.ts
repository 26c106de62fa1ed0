/**
 * What rollups should come to where their events are in the history: each file is held against the manifest, and then,
 * together with what came late, computed by DuckDB into the digests of its buckets.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isPlinthError } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { bucketStart, isAtLeastAsFine, nextBucket, type TimeRange, wholeBuckets } from '../grain.js';
import { areEqual, DUCKDB_SUMS, type EventSums } from '../history/columns.js';
import type { HistoryEvents } from '../history/open-history.js';
import { dayRange, type HistoryFiles, type UsageSegment, usageSegments } from '../history/segments.js';
import { digestQuery } from './digest.js';
import { historyQuery, sourceOf, withHistory } from './from-history.js';
import { plainSums } from './reconcile-sql.js';
import { isFromEvents, type Rollup } from './rollup.js';

/** The files of the history, held against the manifest. */
export interface HistoryReconciliation {
  readonly days: number;
  readonly events: bigint;
  /** Files that are not there, were changed, or hold something else. */
  readonly mismatches: readonly FileMismatch[];
}

export interface FileMismatch {
  readonly day: string;
  readonly objectKey: string;
  /** What is so, in words. */
  readonly found: string;
}

/** What a bucket should come to: as `BucketRow` has it. */
export interface SourceDigest {
  readonly source: Readonly<Record<string, string>> | null;
  readonly plain: Readonly<Record<string, string>> | null;
}

export interface HistoryDigests {
  readonly files: HistoryReconciliation;
  /** By rollup, and by the beginning of the bucket in milliseconds. */
  readonly digests: ReadonlyMap<string, ReadonlyMap<number, SourceDigest>>;
  /** Whether a span lies, in part at least, in a file that cannot be read. */
  isUnreadable(span: TimeRange): boolean;
}

export interface DigestsWanted {
  readonly rollups: readonly Rollup[];
  readonly range: TimeRange;
  readonly history: HistoryFiles;
  /** Called between two days. */
  readonly onDay: () => void;
}

/** In a transaction of the caller as `openHistory` wants it. */
export async function historyDigests(session: Session, wanted: DigestsWanted): Promise<HistoryDigests> {
  const { history, onDay } = wanted;
  const rollups = wanted.rollups.filter(isFromEvents);
  const spans = new Map(rollups.map((rollup) => [rollup.name, wholeBuckets(rollup.grain, wanted.range)]));
  const widest = {
    from: new Date(Math.min(...[wanted.range, ...spans.values()].map(({ from }) => from.getTime()))),
    to: new Date(Math.max(...[wanted.range, ...spans.values()].map(({ to }) => to.getTime()))),
  };
  const segments = await usageSegments(session, widest);
  const mismatches: FileMismatch[] = [];
  const digests = new Map(rollups.map(({ name }) => [name, new Map<number, SourceDigest>()]));
  const add = async (rollup: Rollup, span: TimeRange, events: HistoryEvents): Promise<void> => {
    for (const [start, digest] of await digestsOf(rollup, span, events)) {
      digests.get(rollup.name)!.set(start, digest);
    }
  };
  const byDay = rollups.filter(({ grain }) => isAtLeastAsFine(grain, 'day'));
  for (const segment of segments) {
    onDay();
    const found = await differenceOf(segment, history, (work) =>
      withHistory(session, dayRange(segment.day), history, async (events) => {
        const difference = await work(events);
        for (const rollup of difference === undefined ? byDay : []) {
          await add(rollup, overlap(dayRange(segment.day), spans.get(rollup.name)!), events);
        }
        return difference;
      }),
    );
    if (found !== undefined) {
      mismatches.push({ day: segment.day, objectKey: segment.objectKey, found });
    }
  }
  const isUnreadable = ({ from, to }: TimeRange): boolean =>
    mismatches.some(({ day }) => dayRange(day).from < to && dayRange(day).to > from);
  for (const rollup of rollups.filter((one) => !byDay.includes(one))) {
    const starts = new Set(
      segments.map(({ day }) => bucketStart(rollup.grain, dayRange(day).from).getTime()),
    );
    for (const start of starts) {
      onDay();
      const span = { from: new Date(start), to: nextBucket(rollup.grain, new Date(start)) };
      if (!isUnreadable(span)) {
        await withHistory(session, span, history, (events) => add(rollup, span, events));
      }
    }
  }
  const events = segments.reduce((sum, segment) => sum + BigInt(segment.events), 0n);
  return { files: { days: segments.length, events, mismatches }, digests, isUnreadable };
}

function overlap(a: TimeRange, b: TimeRange): TimeRange {
  return {
    from: new Date(Math.max(a.from.getTime(), b.from.getTime())),
    to: new Date(Math.min(a.to.getTime(), b.to.getTime())),
  };
}

type Difference = string | undefined;

/** What is not as the manifest has it, in words; `undefined` when nothing is. */
async function differenceOf(
  segment: UsageSegment,
  history: HistoryFiles,
  reading: (work: (events: HistoryEvents) => Promise<Difference>) => Promise<Difference>,
): Promise<Difference> {
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(await history.pathOf(segment)), hash);
    return hash.digest().equals(segment.sha256)
      ? await reading((events) => sumsDifference(segment, events))
      : 'its SHA-256 is not that of the manifest';
  } catch (error) {
    if (isPlinthError(error) && FILE_FAILURES.test(error.code)) {
      return error.message;
    }
    throw error;
  }
}

/** Codes of what is wrong with one file, not with the database or the whole store. */
const FILE_FAILURES = /^(USAGE_SEGMENT_DIFFERS|STORAGE_NOT_FOUND|STORAGE_TOO_LARGE)$/;

async function sumsDifference(segment: UsageSegment, { duckdb, files }: HistoryEvents): Promise<Difference> {
  const [found] = await duckdb.query<EventSums & object>(`select ${DUCKDB_SUMS} from ${files}`);
  const wanted = segment.sums;
  return areEqual(found!, wanted)
    ? undefined
    : `it holds ${found!.events} events of ${found!.tokens} tokens and hash ${found!.row_hash} (${wanted.events}, ${wanted.tokens} and ${wanted.row_hash} were wanted)`;
}

type DigestRow = { readonly bucket_start: Date } & Readonly<Record<string, string>>;

async function digestsOf(
  rollup: Rollup,
  span: TimeRange,
  events: HistoryEvents,
): Promise<Map<number, SourceDigest>> {
  const digests = new Map<number, SourceDigest>();
  if (span.from >= span.to) {
    return digests;
  }
  const { duckdb } = events;
  const expected = `with expected as (\n${historyQuery(rollup, events, span)}\n)\n${digestQuery(rollup, 'duckdb', 'expected')}`;
  for (const { bucket_start: start, ...source } of await duckdb.query<DigestRow>(expected)) {
    digests.set(start.getTime(), { source, plain: null });
  }
  for (const { bucket_start: start, ...plain } of await duckdb.query<DigestRow>(
    plainSums(rollup, sourceOf(events, span)),
  )) {
    digests.set(start.getTime(), { source: digests.get(start.getTime())?.source ?? null, plain });
  }
  return digests;
}
