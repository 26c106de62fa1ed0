/**
 * What differs between the engines that compute rollups. A compiled rollup is the same statement everywhere but for
 * these few expressions, and everything in them is whole numbers but for one logarithm, whose result is a bucket
 * that no rounding can move (see the migration of the histogram): so that engines agree to the bit.
 */
import type { Grain } from '../grain.js';
import type { ColumnType } from './source-columns.js';

/** Types of what rollups keep, beside those of their dimensions. */
export type StoredType = ColumnType | 'money' | 'small-list' | 'big-list';

export type ListType = 'small-list' | 'big-list';

export interface Dialect {
  readonly name: 'postgresql' | 'duckdb';
  /** The name of a type. */
  type(type: StoredType): string;
  /** The beginning of the bucket of a time, in UTC. */
  bucketStart(grain: Grain, time: string): string;
  /** The histogram's bucket of a number of microseconds. */
  histogramBucket(us: string): string;
  /** 48 bits of SHA-256 over the text of a value, as a bigint. */
  hash48(value: string): string;
  /** One of 65,536 numbers for a UUID, by any hash. */
  slot(uuid: string): string;
  /** A value to order by, the same in every engine: text by its bytes. */
  ordered(value: string, type: ColumnType): string;
  /** How many bits the whole number from 0 on has: 0 for 0. */
  bitLength(value: string): string;
  /**
   * Of the rows where `filter` holds, `sketch_key` and `sketch_value`, both from 0 on and below 2^11 and 2^44, as two
   * lists of these types in order of the key; empty for none.
   */
  pairLists(filter: string, types: readonly [ListType, ListType]): readonly [string, string];
  /** A list as text: its items with commas between. */
  listText(list: string): string;
  /** A source `e` with a row for each place of two lists of `from`, which are `pair_key` and `pair_value` of it. */
  unnested(from: string, keys: string, values: string): string;
}

/** The dialect's engines by name, in the order in which help lists them. */
export const ENGINE_NAMES = ['postgresql', 'duckdb'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
