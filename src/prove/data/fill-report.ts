/** What `fillTables` has written, and what it could not write. */

/** The cells that tell a row apart, as text: its key, or all of its cells where it has none. */
export type RowIdentity = Readonly<Record<string, string | null>>;

export interface FilledTable {
  readonly schema: string;
  readonly name: string;
  /** Rows that were there before, as far as they were looked at. */
  readonly existing: number;
  /** The rows written, by identity. */
  readonly inserted: readonly RowIdentity[];
  readonly updated: readonly UpdatedRow[];
  readonly deleted: readonly RowIdentity[];
  /** True where the table's own triggers or rules refused the rows, and these were written with both off. */
  readonly withoutTriggers?: true;
}

export interface UpdatedRow {
  readonly row: RowIdentity;
  /** The columns that were given other values. */
  readonly columns: readonly string[];
}

/** What kept a table from being filled. */
export interface Obstacle {
  readonly kind:
    | 'check'
    | 'generated column'
    | 'domain'
    | 'unique'
    | 'exclusion'
    | 'foreign key'
    | 'not null'
    | 'partition'
    | 'trigger'
    | 'rule'
    | 'policy'
    | 'privilege'
    | 'type'
    | 'foreign table'
    | 'other';
  /** Of the constraint, trigger, type or column. */
  readonly name?: string;
  /** As PostgreSQL writes it, where there is such a text. */
  readonly definition?: string;
  /** What the server answered to the last try, where it was asked. */
  readonly message?: string;
}

export interface UnfilledTable {
  readonly schema: string;
  readonly name: string;
  readonly obstacle: Obstacle;
}

export interface FillReport {
  /** Every table that took at least one row, by name; a partitioned table stands for its partitions. */
  readonly tables: readonly FilledTable[];
  /** The tables that took none: what is said of them is unproven. */
  readonly unfilled: readonly UnfilledTable[];
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly durationMs: number;
}
