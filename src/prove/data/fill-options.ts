import type { SchemaModel } from '../../schema/index.js';

export interface FillOptions {
  /** The same seed on the same database gives the same rows; an integer from 0 to 2³² - 1, 1 unless given. */
  readonly seed?: number;
  /** New rows in each table, 6 unless given; a partitioned table gets one for each of its partitions at least. */
  readonly rowsPerTable?: number;
  /** The schema, where the caller has just read it. */
  readonly model?: SchemaModel;
  /**
   * How many of the rows that a table has are touched too: columns without any value get some, a third of the rows
   * get other values, and one row is deleted where nothing refers to it. Keys stay. None unless given.
   */
  readonly touchRows?: (table: { readonly schema: string; readonly name: string }, rows: number) => number;
  /** A schema whose demands the rows meet too, as far as it asks them of the same columns. */
  readonly meets?: SchemaModel;
  /** Every column that may be null has a value all the same, wherever that is possible. */
  readonly withoutNulls?: boolean;
  /**
   * Texts are values of this type, as PostgreSQL's messages call it (`json`, `integer`, `timestamp with time zone`),
   * wherever nothing else is asked of them.
   */
  readonly textsAs?: string;
  /** Only tables that this says yes to. All unless given. */
  readonly includes?: (table: { readonly schema: string; readonly name: string }) => boolean;
}
