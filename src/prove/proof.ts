/** What a proof finds, as plain data: what the reports tell and `--format json` prints. */
import type { RowExample } from './fingerprint/diff-rows.js';
import type { LoadResult } from './measure/load.js';
import type { StatementMeasure } from './measure/statement-measure.js';

/**
 * `proven`: taken back and applied again, the schema and every row are as they were. `proven with kept data`: so they
 * are because the engine had kept what a statement would have destroyed. `unproven`: something could not be filled
 * with rows, or not be checked. `broken`: it fails, or leaves another schema, or loses rows.
 */
export type Verdict = 'proven' | 'proven with kept data' | 'unproven' | 'broken';

export type ReasonKind =
  | 'up-fails'
  | 'up-refuses-rows'
  | 'down-fails'
  | 'down-refuses-rows'
  | 'no-down'
  | 'irreversible'
  | 'schema-differs'
  | 'rows-lost'
  | 'rows-left'
  | 'sequence-set-back'
  | 'view-emptied'
  | 'reapply-fails'
  | 'reapply-schema-differs'
  | 'reapply-rows-lost'
  | 'reapply-rows-doubled'
  | 'interruption-differs'
  | 'keep-off'
  | 'not-filled'
  | 'not-reached';

/** Why a migration is not proven. */
export interface ProofReason {
  readonly kind: ReasonKind;
  /** Whether it makes the migration broken, or only leaves it unproven. */
  readonly breaks: boolean;
  /** One sentence. */
  readonly message: string;
  /** Of `schema-differs` and its like: what differs, a line each. */
  readonly differences?: readonly SchemaDifference[];
  /** Of rows that were lost: the table, and the smallest example. */
  readonly loss?: RowLoss;
}

/** An object that a rollback leaves other than it was. */
export interface SchemaDifference {
  readonly change: 'left behind' | 'missing' | 'changed';
  /** Its kind and name, e.g. `index public.stray`. */
  readonly object: string;
  /** Of a changed object: the property with what it was and what it is. */
  readonly properties: readonly { readonly property: string; readonly was: string; readonly is: string }[];
}

export interface RowLoss {
  /** `schema.name` */
  readonly table: string;
  readonly rowsLost: number;
  readonly rowsAdded: number;
  readonly cellsChanged: number;
  /** Columns whose values are gone. */
  readonly columnsLost: readonly string[];
  readonly example: RowExample | undefined;
}

/** A statement of a script, with what it was measured to do. */
export interface ProvenStatement {
  readonly number: number;
  readonly line: number;
  readonly tag: string;
  readonly sql: string;
  /** Absent where it was not reached. */
  readonly measured: StatementMeasure | undefined;
  /** Where what was measured is not what `plinth plan` says, a sentence each. */
  readonly disagreements: readonly string[];
}

/** One script, as it ran. */
export interface ProvenScript {
  readonly file: string;
  readonly durationMs: number;
  readonly statements: readonly ProvenStatement[];
  /** The longest that others would have been held up by it. */
  readonly load: LoadResult;
}

export interface Interruptions {
  /** The statements of up and down after which the run was cut off, and finished by the next. */
  readonly tried: number;
  /** How many statements there are. */
  readonly statements: number;
}

export interface ProofData {
  readonly tables: number;
  readonly rows: number;
  /** Rows written between apply and rollback. */
  readonly rowsWritten: number;
  /** Cells that were compared one by one. */
  readonly cellsCompared: number;
  /** Tables without rows, with the reason. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[];
}

/** A down that works, computed from what the one of the folder leaves. */
export interface ProposedDown {
  readonly sql: string;
  readonly verdict: Verdict;
  /** The file that it is for. */
  readonly file: string;
  /** It was written there. */
  readonly written?: boolean;
}

export interface MigrationProof {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly verdict: Verdict;
  /** Empty for a migration that is proven. */
  readonly reasons: readonly ProofReason[];
  /** Worth knowing, and nothing against it: a sentence each. */
  readonly remarks: readonly string[];
  readonly up: ProvenScript | undefined;
  readonly down: ProvenScript | undefined;
  readonly data: ProofData;
  /** Tables of kept data that the rollback was made good from, and positions of sequences. */
  readonly keptTables: number;
  readonly interruptions: Interruptions;
  readonly proposedDown: ProposedDown | undefined;
  readonly durationMs: number;
}

/** The proof of some migrations of a target. */
export interface Proof {
  readonly target: string;
  readonly folder: string;
  /** Of the server that it ran on. */
  readonly serverVersion: string;
  readonly migrations: readonly MigrationProof[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** What somebody who trusts the result should know. */
  readonly notices: readonly string[];
  readonly durationMs: number;
}
