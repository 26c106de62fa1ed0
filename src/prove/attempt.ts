/** One try of a migration, on databases of one kind. */
import { type ScratchDatabase, sessionPool } from '../database/index.js';
import type { Migration } from '../migrate/index.js';
import type { RowKind, Unfilled } from './filler.js';
import type { Stage, Standing } from './stage.js';
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

/** Tries on databases of its own, undisturbed first, and then cut off. */
export function attempts(tools: Pick<TrialSetting, 'engine' | 'filler' | 'placesPerScript'>): Attempt {
  return async ({ another, unfilled, writes }, migration) => {
    const scratch = await another();
    const pool = sessionPool(scratch.database);
    try {
      return await tryMigration({
        ...tools,
        migration,
        database: leavesSettings(migration) ? scratch.database : pool.database,
        unpooled: scratch.database,
        another,
        writes,
        unfilled: unfilled(),
        before: undefined,
        cutsOffInPassing: false,
      });
    } finally {
      await pool.close();
      await scratch.drop();
    }
  };
}

export interface StageAttempt
  extends Pick<TrialSetting, 'engine' | 'filler' | 'placesPerScript' | 'migration'> {
  readonly stage: Stage;
  readonly index: number;
}

/** Tries where the migration before it was tried, if that left nothing behind: the shortest way for what is well. */
export async function attemptOnStage(
  { stage, index, engine, filler, placesPerScript, migration }: StageAttempt,
  { database, pooled, unfilled, before }: Standing,
): Promise<Trial> {
  let trial: Trial | undefined;
  try {
    trial = await tryMigration({
      engine,
      filler,
      migration,
      database: leavesSettings(migration) ? database : pooled,
      unpooled: database,
      another: async () => (await stage.copyBefore(index)).scratch,
      writes: undefined,
      unfilled,
      placesPerScript,
      before,
      cutsOffInPassing: true,
    });
    return trial;
  } finally {
    await stage.leave(index, trial?.end);
  }
}

/**
 * Whether a script may make settings of no extension (`set app.user = …`), which a session keeps, if only as empty: then
 * each run has a session of its own, as it has in production.
 */
function leavesSettings({ up, down }: Migration): boolean {
  return [up, down].some((script) =>
    /\bset_config\b|\bset\s+((session|local)\s+)?"?\w+"?\s*\./i.test(script?.read() ?? ''),
  );
}
