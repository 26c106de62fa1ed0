import type { Database, ScratchDatabase } from '../database/index.js';
import type { Migration } from '../migrate/index.js';
import type { Filler, RowKind, Unfilled } from './filler.js';
import type { ScratchEngine } from './scratch-engine.js';
import type { Snapshot } from './snapshot.js';

/** What one trial of a migration works with. */
export interface TrialSetting {
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  readonly migration: Migration;
  /** Stands just before the migration. */
  readonly database: Database;
  /** The same, with a session of its own for whoever connects: for sessions that are not to come back. */
  readonly unpooled: Database;
  /** Makes another like it. */
  readonly another: () => Promise<ScratchDatabase>;
  /** What the rows written between apply and rollback are like, where not those of any kind. */
  readonly writes: RowKind | undefined;
  /** Tables that could not be given rows. */
  readonly unfilled: readonly Unfilled[];
  /** After how many statements a script that is one transaction is cut off. */
  readonly placesPerScript: number;
  /** What the database was found to be already. */
  readonly before: Snapshot | undefined;
  /**
   * Scripts that are one transaction are cut off before the rollback and the second apply that follow anyhow, which
   * then finish them. Whatever is found wrong so may be wrong for that reason alone.
   */
  readonly cutsOffInPassing: boolean;
}
