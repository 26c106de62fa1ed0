import type { SchemaModel } from '../../schema/index.js';

export interface FillOptions {
  /** The same seed on the same database gives the same rows; an integer from 0 to 2³² - 1, 1 unless given. */
  readonly seed?: number;
  /** New rows in each table, 6 unless given; a partitioned table gets one for each of its partitions at least. */
  readonly rowsPerTable?: number;
  /** The schema, where the caller has just read it. */
  readonly model?: SchemaModel;
  /**
   * Rows that are there are changed too: columns without any value get some, a third of the rows get other values, and
   * one row of a table that nothing refers to is deleted. Keys stay. Default false.
   */
  readonly touchRows?: boolean;
  /** Only tables that this says yes to. All unless given. */
  readonly includes?: (table: { readonly schema: string; readonly name: string }) => boolean;
}
