import type { ObjectAddress } from '../schema/index.js';

/**
 * What a person should know before a statement runs, in the words that plans use:
 * - `data loss`: rows, columns or values are gone
 * - `blocks reads`, `blocks writes`: of a relation that is there already, while the statement's lock is held
 * - `rewrite`, `scan`: every row of such a relation is written anew, or read, while the lock is held
 * - `irreversible`: no statement takes it back in place
 * - `not transactional`: it does not run inside a transaction, or has its effect only after the commit
 */
export type HazardKind =
  | 'data loss'
  | 'blocks reads'
  | 'blocks writes'
  | 'rewrite'
  | 'scan'
  | 'irreversible'
  | 'not transactional';

export interface Hazard {
  readonly kind: HazardKind;
  /** What it is about, as `schema.name`; absent where it is about the statement itself. */
  readonly relation?: string;
  /** `maybe` when it depends on the rows, or on what a model does not tell. */
  readonly certainty: 'yes' | 'maybe';
  /** One sentence: what is lost, locked or read, and why. */
  readonly reason: string;
}

/** One statement of a change. */
export interface SchemaStatement {
  /** Without the semicolon. */
  readonly text: string;
  readonly action: 'create' | 'alter' | 'drop' | 'rename';
  /** The object that it makes, changes or drops. */
  readonly about: ObjectAddress;
  readonly hazards: readonly Hazard[];
}

/** What the statements do not bring about, and why. */
export interface ChangeGap {
  readonly about: ObjectAddress;
  readonly reason: string;
}

/** The way from one schema to another. */
export interface SchemaChange {
  /** In the order to run them in. */
  readonly statements: readonly SchemaStatement[];
  /** What stays different after the statements have run. */
  readonly gaps: readonly ChangeGap[];
}
