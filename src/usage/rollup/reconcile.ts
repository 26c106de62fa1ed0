/**
 * Compares rollups with what they are made of, in one snapshot: every bucket by its number of rows, every sum, and a
 * hash of all its rows; the events a second time by plain sums; and rollups with one another. Where events have moved to
 * the history, the files are held against the manifest, and their rows computed by DuckDB. What differs is the answer,
 * not an error. Buckets with marks are not compared: they are known to be under way.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable, throwIfCancelled } from '../cancellation.js';
import {
  bucketStart,
  type Grain,
  isAtLeastAsFine,
  nextBucket,
  type TimeRange,
  wholeBuckets,
} from '../grain.js';
import { type HistoryFiles, usageSegments } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { rollupColumns } from './compile.js';
import { sumColumn, summedMeasures } from './digest.js';
import { wholeExtent } from './extent.js';
import { copyRows, historyQuery, withHistory } from './from-history.js';
import { type HistoryDigests, type HistoryReconciliation, historyDigests } from './history-digests.js';
import { markBuckets } from './marks.js';
import {
  bucketStatesSql,
  bucketsSql,
  differencesSql,
  levelsSql,
  nextUsedSql,
  sharedMeasures,
} from './reconcile-sql.js';
import { type Refresh, refreshRollups } from './refresh.js';
import { isFromEvents, type Rollup } from './rollup.js';
import { qualifiedTable } from './table-sql.js';

export interface ReconcileOptions {
  readonly rollups: readonly Rollup[];
  /** From when on; where events or rollups begin unless given. */
  readonly from?: Date;
  /** Until when, excluded; where they end unless given. */
  readonly to?: Date;
  /** How many differences to return at most for each rollup; 100 unless given. All buckets are counted. */
  readonly limit?: number;
  /** Where the history is; buckets that have events there are not compared without it. */
  readonly history?: HistoryFiles;
  readonly signal?: AbortSignal;
}

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

/** A measure of a row that differs; `undefined` where that side has no such row. Lists are written as `{1,2}`. */
export interface RollupDifference {
  readonly rollup: string;
  readonly bucketStart: Date;
  readonly dimensions: Readonly<Record<string, string | number | boolean | null>>;
  /** A column of the rollup. */
  readonly measure: string;
  readonly source: string | undefined;
  readonly rollupValue: string | undefined;
}

/** Two rollups, whose sums over everything must be the same. */
export interface LevelReconciliation {
  readonly finer: string;
  readonly coarser: string;
  readonly buckets: number;
  readonly mismatches: readonly {
    readonly bucketStart: Date;
    readonly measure: string;
    readonly finer: string | undefined;
    readonly coarser: string | undefined;
  }[];
}

export interface Reconciliation {
  /** The span that was compared; `undefined` when there is nothing. */
  readonly range: TimeRange | undefined;
  /** True when nothing differs. */
  readonly isExact: boolean;
  readonly rollups: readonly RollupReconciliation[];
  readonly levels: readonly LevelReconciliation[];
  /** The files of the history; `undefined` where none is configured, or nothing is in it. */
  readonly history: HistoryReconciliation | undefined;
  /** The first differences of each rollup, in order of time. */
  readonly differences: readonly RollupDifference[];
}

/** @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING, USAGE_CANCELLED */
export async function reconcileUsage(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  return inSpan('plinth.usage.reconcile', {}, () =>
    explainMissingSchema(WHAT, () =>
      session.transaction(async () => {
        // Before the snapshot: no day is detached from here on that the manifest does not show.
        await session.run('lock table only analytics.usage_events in access share mode');
        return cancellable(session, options.signal, WHAT, () => compare(session, options));
      }, 'repeatable read'),
    ),
  );
}

const WHAT = 'reconcile usage';
const DEFAULT_LIMIT = 100;

export interface RepairedReconciliation extends Reconciliation {
  /** What was found before the repair. */
  readonly before: Reconciliation;
  readonly refresh: Refresh;
}

/**
 * Compares, has every bucket that differs computed again, and compares once more.
 * @throws as `reconcileUsage`
 */
export async function repairUsage(
  session: Session,
  options: ReconcileOptions,
): Promise<RepairedReconciliation> {
  const before = await reconcileUsage(session, options);
  for (const { rollup, mismatches } of before.rollups) {
    await markBuckets(session, rollup, mismatches);
  }
  for (const { coarser, mismatches } of before.levels) {
    await markBuckets(session, coarser, distinctTimes(mismatches.map(({ bucketStart }) => bucketStart)));
  }
  const { rollups, signal, history } = options;
  const refresh = await refreshRollups(session, {
    rollups,
    ...(history ? { history } : {}),
    ...(signal ? { signal } : {}),
  });
  return { ...(await reconcileUsage(session, options)), before, refresh };
}

function distinctTimes(times: readonly Date[]): Date[] {
  return [...new Set(times.map((time) => time.getTime()))].map((time) => new Date(time));
}

async function compare(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  const { rollups, limit = DEFAULT_LIMIT, history, signal } = options;
  const range = rangeOf(options, await wholeExtent(session, rollups));
  if (!range) {
    return { range, isExact: true, rollups: [], levels: [], history: undefined, differences: [] };
  }
  const onDay = (): void => throwIfCancelled(signal, WHAT);
  const cold = history && (await historyDigests(session, { rollups, range, history, onDay }));
  const compared: RollupReconciliation[] = [];
  const differences: RollupDifference[] = [];
  for (const rollup of rollups) {
    const one = await compareRollup(session, rollup, { rollups, range, cold });
    compared.push(one);
    differences.push(...(await differencesOf(session, rollup, { buckets: one.mismatches, limit, history })));
  }
  const levels: LevelReconciliation[] = [];
  for (const [finer, coarser] of pairsOf(rollups)) {
    levels.push(await compareLevels(session, finer, coarser, rollups, range));
  }
  const files = cold && cold.files.days > 0 ? cold.files : undefined;
  const isExact = [...compared, ...levels, ...(files ? [files] : [])].every(
    ({ mismatches }) => mismatches.length === 0,
  );
  return { range, isExact, rollups: compared, levels, history: files, differences };
}

function rangeOf({ from, to }: ReconcileOptions, extent: TimeRange | undefined): TimeRange | undefined {
  const [first, last] = [from ?? extent?.from, to ?? extent?.to];
  return first && last ? wholeBuckets('hour', { from: first, to: last }) : undefined;
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

async function compareRollup(
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

interface DifferenceRow {
  readonly bucket_start: Date;
  readonly dimensions: RollupDifference['dimensions'];
  readonly measure: string;
  readonly source: string | null;
  readonly rollup: string | null;
}

interface Differing {
  readonly buckets: readonly Date[];
  readonly limit: number;
  readonly history: HistoryFiles | undefined;
}

async function differencesOf(
  session: Session,
  rollup: Rollup,
  { buckets, limit, history }: Differing,
): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  for (const from of buckets) {
    if (found.length >= limit) {
      break;
    }
    const span = { from, to: nextBucket(rollup.grain, from) };
    const rows = await differingRows(session, rollup, span, { limit: limit - found.length, history });
    found.push(
      ...rows.map((row) => ({
        rollup: rollup.name,
        bucketStart: row.bucket_start,
        dimensions: row.dimensions,
        measure: row.measure,
        source: row.source ?? undefined,
        rollupValue: row.rollup ?? undefined,
      })),
    );
  }
  return found;
}

async function differingRows(
  session: Session,
  rollup: Rollup,
  span: TimeRange,
  { limit, history }: Omit<Differing, 'buckets'>,
): Promise<DifferenceRow[]> {
  const ask = (expectedTable?: string): Promise<DifferenceRow[]> =>
    session.query<DifferenceRow>(differencesSql(rollup, expectedTable), [span.from, span.to, limit]);
  if (!isFromEvents(rollup) || (await usageSegments(session, span)).length === 0) {
    return ask();
  }
  return withHistory(session, span, history, async (events) => {
    await session.run(
      `create temp table expected_rollup_rows (like ${qualifiedTable(rollup)} including defaults) on commit drop`,
    );
    await copyRows(session, events, {
      query: historyQuery(rollup, events, span),
      table: 'pg_temp.expected_rollup_rows',
      columns: rollupColumns(rollup),
    });
    const rows = await ask('pg_temp.expected_rollup_rows');
    await session.run('drop table pg_temp.expected_rollup_rows');
    return rows;
  });
}

/** The finest rollup with each of the others: sums that are equal to one are equal to all. */
function pairsOf(rollups: readonly Rollup[]): [Rollup, Rollup][] {
  const [finest, ...others] = [...rollups].sort((a, b) =>
    a.grain === b.grain ? 0 : isAtLeastAsFine(a.grain, b.grain) ? -1 : 1,
  );
  return others.filter((other) => sharedMeasures(finest!, other).length > 0).map((other) => [finest!, other]);
}

interface LevelRow {
  readonly bucket_start: Date;
  readonly measure: string | null;
  readonly finer: string | null;
  readonly coarser: string | null;
}

async function compareLevels(
  session: Session,
  finer: Rollup,
  coarser: Rollup,
  rollups: readonly Rollup[],
  range: TimeRange,
): Promise<LevelReconciliation> {
  const sql = levelsSql(finer, coarser, rollups);
  const buckets = new Set<number>();
  const mismatches: LevelReconciliation['mismatches'][number][] = [];
  const { from, to } = wholeBuckets(coarser.grain, range);
  for (const row of await session.query<LevelRow>(sql, [from, to])) {
    buckets.add(row.bucket_start.getTime());
    if (row.measure !== null) {
      mismatches.push({
        bucketStart: row.bucket_start,
        measure: row.measure,
        finer: row.finer ?? undefined,
        coarser: row.coarser ?? undefined,
      });
    }
  }
  return { finer: finer.name, coarser: coarser.name, buckets: buckets.size, mismatches };
}
