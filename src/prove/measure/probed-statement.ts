/** What the probes around a statement answered. */

/** One lock in a probe's answer: oid, modes, schema, name, kind, file, rows written. */
export type ProbedRelation = readonly [
  number,
  readonly string[],
  string | null,
  string | null,
  string | null,
  number | null,
  number | null,
];

export interface Probe {
  /** The server's time. */
  readonly ms: number;
  /** The place in the write-ahead log, in bytes. */
  readonly wal: number;
  readonly locks: readonly ProbedRelation[];
}

export interface ProbedStatement {
  readonly number: number;
  readonly before: Probe;
  readonly after: Probe;
  /** Set where no transaction holds it: its locks were seen from beside, and end with it. */
  readonly alone: boolean;
}
