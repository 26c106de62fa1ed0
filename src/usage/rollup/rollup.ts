/**
 * What a rollup is, once its declaration is read and resolved: which rows it sums, by what, and what is kept of
 * them. Everything in it adds up: a coarser bucket is the sum (of sketches: the merge) of finer ones, so that any
 * split of the events gives the same rows. What does not add up, such as a rate, is computed when it is read.
 */
import type { Grain } from '../grain.js';
import { type Condition, conditionSql } from './condition.js';
import type { SourceColumn } from './source-columns.js';

/** The table of events, as declarations name it. */
export const EVENTS = 'usage_events';

export interface Rollup {
  /** The name of its file without the ending. */
  readonly name: string;
  readonly description: string;
  /** `usage_events`, or the name of the rollup that it sums. */
  readonly source: string;
  readonly grain: Grain;
  /** Columns that tell rows of one bucket apart. */
  readonly dimensions: readonly SourceColumn[];
  readonly measures: readonly Measure[];
  /** How many values a tenant may have; none for a rollup that sums another. */
  readonly caps: readonly Cap[];
  /** How long rows are kept; for good without it. */
  readonly retentionMs: number | undefined;
  /** How long a bucket rests after it was marked before it is recomputed, so that an open one is not rewritten all the time. */
  readonly settleMs: number;
}

/** The most values of a dimension in one bucket of one organization. */
export interface Cap {
  readonly column: SourceColumn;
  readonly at: number;
}

interface Named {
  readonly name: string;
  /** One sentence, which becomes the comment of the column. */
  readonly meaning: string;
}

/** How many rows there are, or how many of them a condition holds for. */
export interface CountMeasure extends Named {
  readonly kind: 'count';
  readonly where: Condition | undefined;
}

/** The sum of a whole number; unknown values add nothing. */
export interface SumMeasure extends Named {
  readonly kind: 'sum';
  readonly column: string;
}

/** A sum of money in billionths, of one currency a row. */
export interface CostMeasure extends Named {
  readonly kind: 'cost';
  readonly column: string;
}

/** A histogram of microseconds, from which percentiles are read. */
export interface PercentilesMeasure extends Named {
  readonly kind: 'percentiles';
  readonly column: string;
}

/** How many different values there are. */
export interface DistinctMeasure extends Named {
  readonly kind: 'distinct';
  readonly column: string;
  /** By a sketch that merges, 2.3 % off as a standard error; else exact, and of this bucket alone. */
  readonly estimated: boolean;
}

/** One measure as a share of another; not stored. */
export interface RateMeasure extends Named {
  readonly kind: 'rate';
  readonly of: string;
  readonly per: string;
}

export type Measure =
  | CountMeasure
  | SumMeasure
  | CostMeasure
  | PercentilesMeasure
  | DistinctMeasure
  | RateMeasure;

/** A measure that the rollup's table holds. */
export type StoredMeasure = Exclude<Measure, RateMeasure>;

export function storedMeasures(rollup: Rollup): readonly StoredMeasure[] {
  return rollup.measures.filter((measure): measure is StoredMeasure => measure.kind !== 'rate');
}

/** The unqualified name of a rollup's table in the schema `analytics`. */
export function rollupTable(rollup: Pick<Rollup, 'name'>): string {
  return `usage_rollups_${rollup.name}`;
}

/** Whether two measures have one name and are made of the same: a project may count other errors than another rollup. */
export function isSameMeasure(one: Measure, other: Measure): boolean {
  return one.name === other.name && one.kind === other.kind && madeOf(one) === madeOf(other);
}

function madeOf(measure: Measure): string {
  if (measure.kind === 'count') {
    return measure.where ? conditionSql(measure.where) : 'all';
  }
  return 'column' in measure ? measure.column : `${measure.of} per ${measure.per}`;
}

export function rollupNamed(rollups: readonly Rollup[], name: string): Rollup | undefined {
  return rollups.find((rollup) => rollup.name === name);
}

/** Whether a rollup sums the events themselves. */
export function isFromEvents(rollup: Pick<Rollup, 'source'>): boolean {
  return rollup.source === EVENTS;
}
