/** One try of a migration, on databases of one kind. */
import type { ScratchDatabase } from '../database/index.js';
import type { Migration } from '../migrate/index.js';
import type { RowKind, Unfilled } from './filler.js';
import { type Trial, tryMigration } from './trial.js';
import type { TrialSetting } from './trial-setting.js';

/** Where databases come from that stand just before the migration. */
export interface TrialSource {
  readonly another: () => Promise<ScratchDatabase>;
  /** The tables of the last one that could not be given rows. */
  readonly unfilled: () => readonly Unfilled[];
  /** What the rows that are written between apply and rollback are like. */
  readonly writes?: RowKind;
}

export type Attempt = (source: TrialSource, migration: Migration) => Promise<Trial>;

export function attempts(tools: Pick<TrialSetting, 'engine' | 'filler' | 'placesPerScript'>): Attempt {
  return async ({ another, unfilled, writes }, migration) => {
    const main = await another();
    try {
      return await tryMigration({ ...tools, migration, main, another, writes, unfilled: unfilled() });
    } finally {
      await main.drop();
    }
  };
}
