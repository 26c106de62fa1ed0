/** A rollup held against its source, bucket by bucket. */
import type { Session } from '../../database/index.js';
import { bucketStart, type Grain, nextBucket, type TimeRange, wholeBuckets } from '../grain.js';
import { sumColumn, summedMeasures } from './digest.js';
import type { HistoryDigests } from './history-digests.js';
import { bucketStatesSql, bucketsSql, nextUsedSql } from './reconcile-sql.js';
import type { Rollup } from './rollup.js';

/** A sum over the compared buckets, as the source gives it and as the rollup has it. */
export interface BothSums {
  readonly source: bigint;
  readonly rollup: bigint;
}

export interface RollupReconciliation {
  readonly rollup: string;
  /** What it was compared with: the events, or the rollup that it sums. */
  readonly source: string;
  readonly grain: Grain;
  /** Buckets that were compared. */
  readonly buckets: number;
  /** Buckets that were not, because they are marked. */
  readonly pending: number;
  /** Buckets that were not, because their source or their own rows have left for good, or a file cannot be read. */
  readonly withoutSource: number;
  /** Of the buckets that were compared, those whose events are in files of the history. */
  readonly fromHistory: number;
  /** The buckets that differ. */
  readonly mismatches: readonly Date[];
  /** By measure, over the compared buckets. */
  readonly totals: Readonly<Record<string, BothSums>>;
}

/** Buckets of one query: what is held in memory at once. */
const BUCKETS_AT_ONCE = 168;

function chunkFrom(grain: Grain, from: Date, end: Date): TimeRange {
  let to = from;
  for (let count = 0; count < BUCKETS_AT_ONCE && to < end; count += 1) {
    to = nextBucket(grain, to);
  }
  return { from, to };
}

/** The bucket after an empty chunk in which there may be something: an event of another century is not walked to. */
async function nextUsed(session: Session, rollup: Rollup, from: Date): Promise<Date | undefined> {
  const [row] = await session.query<{ next: Date | null }>(nextUsedSql(rollup), [from]);
  return row?.next ? bucketStart(rollup.grain, row.next) : undefined;
}

interface BucketRow {
  readonly bucket_start: Date;
  readonly source: Readonly<Record<string, string>> | null;
  readonly rollup: Readonly<Record<string, string>> | null;
  readonly plain: Readonly<Record<string, string>> | null;
  readonly is_pending: boolean;
  readonly has_lost_source: boolean;
  readonly in_history: boolean;
}

interface Comparing {
  readonly rollups: readonly Rollup[];
  readonly range: TimeRange;
  readonly cold: HistoryDigests | undefined;
}

export async function compareRollup(
  session: Session,
  rollup: Rollup,
  comparing: Comparing,
): Promise<RollupReconciliation> {
  const { rollups, range, cold } = comparing;
  const sql = bucketsSql(rollup, rollups);
  const measures = summedMeasures(rollup).map(({ name }) => name);
  const totals = Object.fromEntries(measures.map((name) => [name, { source: 0n, rollup: 0n }]));
  const mismatches: Date[] = [];
  const counted = { buckets: 0, pending: 0, withoutSource: 0, fromHistory: 0 };
  const { from, to } = wholeBuckets(rollup.grain, range);
  for (let start: Date | undefined = from; start && start < to; ) {
    const span = chunkFrom(rollup.grain, start, to);
    const hot = await session.query<BucketRow>(sql, [span.from, span.to]);
    const found = await withColdRows(session, rollup, comparing, { span, hot });
    start = found.length > 0 ? span.to : await nextUsed(session, rollup, span.to);
    for (const row of found) {
      const isUnread = row.in_history && (!cold || cold.isUnreadable(bucketOf(rollup.grain, row)));
      if (row.has_lost_source || isUnread) {
        counted.withoutSource += 1;
      } else if (row.is_pending) {
        counted.pending += 1;
      } else {
        counted.buckets += 1;
        counted.fromHistory += row.in_history ? 1 : 0;
        for (const name of measures) {
          totals[name]!.source += BigInt((row.plain ?? row.source)?.[sumColumn(name)] ?? 0);
          totals[name]!.rollup += BigInt(row.rollup?.[sumColumn(name)] ?? 0);
        }
        if (!isSame(row, rollup)) {
          mismatches.push(row.bucket_start);
        }
      }
    }
  }
  return { rollup: rollup.name, source: rollup.source, grain: rollup.grain, ...counted, mismatches, totals };
}

function bucketOf(grain: Grain, { bucket_start: from }: BucketRow): TimeRange {
  return { from, to: nextBucket(grain, from) };
}

/** The rows of a span, those that are in the history with what the files and late events come to. */
async function withColdRows(
  session: Session,
  rollup: Rollup,
  { rollups, cold }: Comparing,
  { span, hot }: { readonly span: TimeRange; readonly hot: readonly BucketRow[] },
): Promise<readonly BucketRow[]> {
  const digests = cold?.digests.get(rollup.name);
  if (!digests) {
    return hot;
  }
  const known = new Set(hot.map((row) => row.bucket_start.getTime()));
  const others = [...digests.keys()].filter(
    (time) => time >= span.from.getTime() && time < span.to.getTime() && !known.has(time),
  );
  const added =
    others.length === 0
      ? []
      : await session.query<BucketRow>(bucketStatesSql(rollup, rollups), [
          others.map((time) => new Date(time)),
        ]);
  return [...hot, ...added]
    .map((row) =>
      row.in_history
        ? { ...row, ...(digests.get(row.bucket_start.getTime()) ?? { source: null, plain: null }) }
        : row,
    )
    .sort((a, b) => a.bucket_start.getTime() - b.bucket_start.getTime());
}

function isSame({ source, rollup, plain }: BucketRow, { source: from }: Rollup): boolean {
  const columns = new Set([...Object.keys(source ?? {}), ...Object.keys(rollup ?? {})]);
  const isEqual = [...columns].every((column) => source?.[column] === rollup?.[column]);
  const hasPlain = from === 'usage_events';
  return (
    isEqual && (!hasPlain || Object.entries(plain ?? {}).every(([column, sum]) => rollup?.[column] === sum))
  );
}
