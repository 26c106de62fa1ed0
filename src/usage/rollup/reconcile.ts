/**
 * Checks that rollups are the sums of their events, in one snapshot: every measure of every bucket, every
 * bucket of the latency histograms, and the totals. What differs is the answer, not an error.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import { type Grain, readGrainSql, type TimeRange, wholeBuckets } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';

export interface ReconcileOptions extends TimeRange {
  readonly grain: Grain;
  /** How many differences to return at most; 100 unless given. All of them are counted. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A number as the events give it and as the rollup has it; `undefined` where that side has no row. */
export interface BothSides {
  readonly source: bigint | undefined;
  readonly rollup: bigint | undefined;
}

/** A measure of a bucket that differs. */
export interface RollupMismatch extends BothSides {
  readonly organizationId: string;
  readonly bucketStart: Date;
  readonly modelId: number;
  readonly currency: string;
  /** A column of the rollup, or `latency_bucket_` and the number of a bucket of the histogram. */
  readonly measure: string;
}

/** What is summed in a rollup, by its column. */
export const MEASURES = [
  'requests',
  'errors',
  'usage_unknown',
  'cost_unknown',
  'input_uncached_tokens',
  'input_cache_read_tokens',
  'input_cache_write_tokens',
  'output_text_tokens',
  'output_reasoning_tokens',
  'latency_count',
] as const;

export type Measure = (typeof MEASURES)[number];

export interface Totals {
  readonly source: bigint;
  readonly rollup: bigint;
}

export interface Reconciliation {
  readonly grain: Grain;
  /** The span that was compared: whole buckets. */
  readonly range: TimeRange;
  /** True when nothing differs. */
  readonly isExact: boolean;
  /** The first differences, in order of time. */
  readonly mismatches: readonly RollupMismatch[];
  readonly mismatchCount: number;
  /** Sums over the whole span. */
  readonly totals: Readonly<Record<Measure, Totals>>;
  /** Cost over the whole span in billionths, for each currency. */
  readonly costs: readonly (Totals & { readonly currency: string })[];
}

/** @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING, USAGE_CANCELLED */
export async function reconcileUsage(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  const range = wholeBuckets(options.grain, options);
  return inSpan('plinth.usage.reconcile', { 'plinth.grain': options.grain }, () =>
    explainMissingSchema(WHAT, () =>
      session.transaction(
        () => cancellable(session, options.signal, WHAT, () => compare(session, options, range)),
        'repeatable read',
      ),
    ),
  );
}

const WHAT = 'reconcile usage';
const DEFAULT_LIMIT = 100;

async function compare(
  session: Session,
  { grain, limit = DEFAULT_LIMIT }: ReconcileOptions,
  range: TimeRange,
): Promise<Reconciliation> {
  const values = [range.from, range.to, grain, limit];
  const sums = await session.query<MismatchRow>(readGrainSql('rollup/reconcile.sql', grain), values);
  const latencies = await session.query<MismatchRow>(
    readGrainSql('rollup/reconcile-latencies.sql', grain),
    values,
  );
  const totals = await session.query<TotalsRow>(readGrainSql('rollup/reconcile-totals.sql', grain), [
    range.from,
    range.to,
  ]);
  const mismatchCount = [sums, latencies].reduce(
    (sum, rows) => sum + Number(rows[0]?.mismatch_count ?? 0),
    0,
  );
  const mismatches = [...sums, ...latencies].map(mismatchOf);
  return {
    grain,
    range,
    isExact: mismatchCount === 0,
    mismatches: mismatches.sort((a, b) => a.bucketStart.getTime() - b.bucketStart.getTime()).slice(0, limit),
    mismatchCount,
    totals: Object.fromEntries(MEASURES.map((measure) => [measure, totalOf(totals, measure)])) as Record<
      Measure,
      Totals
    >,
    costs: [...new Set(totals.map((row) => row.currency))].map((currency) => ({
      currency,
      ...totalOf(
        totals.filter((row) => row.currency === currency),
        'cost_nanos',
      ),
    })),
  };
}

interface MismatchRow {
  readonly organization_id: string;
  readonly bucket_start: Date;
  readonly model_id: number;
  readonly currency: string;
  readonly measure: string;
  readonly source: string | null;
  readonly rollup: string | null;
  readonly mismatch_count: bigint;
}

type TotalsRow = { readonly side: 'source' | 'rollup'; readonly currency: string } & Readonly<
  Record<Measure | 'cost_nanos', string>
>;

function mismatchOf(row: MismatchRow): RollupMismatch {
  return {
    organizationId: row.organization_id,
    bucketStart: row.bucket_start,
    modelId: row.model_id,
    currency: row.currency,
    measure: row.measure,
    source: row.source === null ? undefined : BigInt(row.source),
    rollup: row.rollup === null ? undefined : BigInt(row.rollup),
  };
}

function totalOf(rows: readonly TotalsRow[], measure: Measure | 'cost_nanos'): Totals {
  const sum = (side: TotalsRow['side']): bigint =>
    rows.filter((row) => row.side === side).reduce((total, row) => total + BigInt(row[measure]), 0n);
  return { source: sum('source'), rollup: sum('rollup') };
}
