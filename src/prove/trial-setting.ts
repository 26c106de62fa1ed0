import type { ScratchDatabase } from '../database/index.js';
import type { Migration } from '../migrate/index.js';
import type { Filler, RowKind, Unfilled } from './filler.js';
import type { ScratchEngine } from './scratch-engine.js';

/** What one trial of a migration works with. */
export interface TrialSetting {
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  readonly migration: Migration;
  /** A database that stands just before the migration. */
  readonly main: ScratchDatabase;
  /** Makes another like it. */
  readonly another: () => Promise<ScratchDatabase>;
  /** What the rows written between apply and rollback are like, where not those of any kind. */
  readonly writes: RowKind | undefined;
  /** Tables that could not be given rows. */
  readonly unfilled: readonly Unfilled[];
  /** After how many statements a script that is one transaction is cut off. */
  readonly placesPerScript: number;
}
