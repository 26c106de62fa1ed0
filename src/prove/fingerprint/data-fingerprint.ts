/**
 * What a database's data amounts to, small enough to keep and to compare: for every table the number of its rows and
 * the sum of their hashes, which knows no order. A row is hashed as the text of its columns in the order of their
 * names, so that neither the order of rows nor that of columns matters. Sums, not exclusive ors: two equal rows count
 * twice. Sources: PostgreSQL's hashtextextended (64 bits); the sum is exact, as `numeric`.
 */

/** The rows of one table or materialized view. */
export interface TableFingerprint {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  /** Of whole rows: the sum of 64-bit hashes, in decimal. */
  readonly hash: string;
  /** The columns by name, in the C collation. */
  readonly columns: readonly string[];
  /** By column, where it was asked for: of the column's values, each together with the key of its row. */
  readonly columnHashes?: Readonly<Record<string, string>>;
}

export interface SequencePosition {
  readonly schema: string;
  readonly name: string;
  /** A 64-bit number as text. */
  readonly lastValue: string;
  /** False when the next value is `lastValue` itself. */
  readonly isCalled: boolean;
}

export interface DataFingerprint {
  /** By name; a partitioned table stands for its partitions. */
  readonly tables: readonly TableFingerprint[];
  readonly sequences: readonly SequencePosition[];
  /** Their contents can be computed again, so they stand apart. One without contents is left out. */
  readonly materializedViews: readonly TableFingerprint[];
  /** Of the database's large objects: how many, and the sum of the hashes of their contents. */
  readonly largeObjects: { readonly count: number; readonly hash: string };
  /** Cells that were read: rows times columns. */
  readonly cells: number;
}
