/**
 * Compares rollups with what they are made of, in one snapshot: every bucket by its number of rows, every sum, and a
 * hash of all its rows; the events a second time by plain sums; and rollups with one another. What differs is the
 * answer, not an error. Buckets with marks are not compared: they are known to be under way.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import { type Grain, isAtLeastAsFine, nextBucket, type TimeRange, wholeBuckets } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { sumColumn, summedMeasures } from './digest.js';
import { usageExtent } from './extent.js';
import { markBuckets } from './marks.js';
import { bucketsSql, differencesSql, levelsSql, sharedMeasures } from './reconcile-sql.js';
import { type Refresh, refreshRollups } from './refresh.js';
import type { Rollup } from './rollup.js';

export interface ReconcileOptions {
  readonly rollups: readonly Rollup[];
  /** From when on; where events or rollups begin unless given. */
  readonly from?: Date;
  /** Until when, excluded; where they end unless given. */
  readonly to?: Date;
  /** How many differences to return at most for each rollup; 100 unless given. All buckets are counted. */
  readonly limit?: number;
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
  /** Buckets that were not, because their source has left for good. */
  readonly withoutSource: number;
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
  /** The first differences of each rollup, in order of time. */
  readonly differences: readonly RollupDifference[];
}

/** @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING, USAGE_CANCELLED */
export async function reconcileUsage(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  return inSpan('plinth.usage.reconcile', {}, () =>
    explainMissingSchema(WHAT, () =>
      session.transaction(
        () => cancellable(session, options.signal, WHAT, () => compare(session, options)),
        'repeatable read',
      ),
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
  const { rollups, signal } = options;
  const refresh = await refreshRollups(session, { rollups, ...(signal ? { signal } : {}) });
  return { ...(await reconcileUsage(session, options)), before, refresh };
}

function distinctTimes(times: readonly Date[]): Date[] {
  return [...new Set(times.map((time) => time.getTime()))].map((time) => new Date(time));
}

async function compare(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  const { rollups, limit = DEFAULT_LIMIT } = options;
  const extent = await usageExtent(session, rollups);
  const range = rangeOf(options, extent);
  if (!range) {
    return { range, isExact: true, rollups: [], levels: [], differences: [] };
  }
  const compared: RollupReconciliation[] = [];
  const differences: RollupDifference[] = [];
  for (const rollup of rollups) {
    const one = await compareRollup(session, rollup, rollups, range);
    compared.push(one);
    differences.push(...(await differencesOf(session, rollup, one.mismatches, limit)));
  }
  const levels: LevelReconciliation[] = [];
  for (const [finer, coarser] of pairsOf(rollups)) {
    levels.push(await compareLevels(session, finer, coarser, rollups, range));
  }
  const isExact = [...compared, ...levels].every(({ mismatches }) => mismatches.length === 0);
  return { range, isExact, rollups: compared, levels, differences };
}

function rangeOf({ from, to }: ReconcileOptions, extent: TimeRange | undefined): TimeRange | undefined {
  const [first, last] = [from ?? extent?.from, to ?? extent?.to];
  return first && last ? wholeBuckets('hour', { from: first, to: last }) : undefined;
}

/** Buckets of one query: what is held in memory at once. */
const BUCKETS_AT_ONCE = 168;

function* chunksOf(grain: Grain, range: TimeRange): Generator<TimeRange> {
  const whole = wholeBuckets(grain, range);
  let { from } = whole;
  while (from < whole.to) {
    let to = from;
    for (let count = 0; count < BUCKETS_AT_ONCE && to < whole.to; count += 1) {
      to = nextBucket(grain, to);
    }
    yield { from, to };
    from = to;
  }
}

interface BucketRow {
  readonly bucket_start: Date;
  readonly source: Readonly<Record<string, string>> | null;
  readonly rollup: Readonly<Record<string, string>> | null;
  readonly plain: Readonly<Record<string, string>> | null;
  readonly is_pending: boolean;
  readonly has_lost_source: boolean;
}

async function compareRollup(
  session: Session,
  rollup: Rollup,
  rollups: readonly Rollup[],
  range: TimeRange,
): Promise<RollupReconciliation> {
  const sql = bucketsSql(rollup, rollups);
  const measures = summedMeasures(rollup).map(({ name }) => name);
  const totals = Object.fromEntries(measures.map((name) => [name, { source: 0n, rollup: 0n }]));
  const mismatches: Date[] = [];
  const counted = { buckets: 0, pending: 0, withoutSource: 0 };
  for (const { from, to } of chunksOf(rollup.grain, range)) {
    for (const row of await session.query<BucketRow>(sql, [from, to])) {
      if (row.has_lost_source) {
        counted.withoutSource += 1;
      } else if (row.is_pending) {
        counted.pending += 1;
      } else {
        counted.buckets += 1;
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

async function differencesOf(
  session: Session,
  rollup: Rollup,
  buckets: readonly Date[],
  limit: number,
): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  for (const from of buckets) {
    if (found.length >= limit) {
      break;
    }
    const rows = await session.query<DifferenceRow>(differencesSql(rollup), [
      from,
      nextBucket(rollup.grain, from),
      limit - found.length,
    ]);
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
