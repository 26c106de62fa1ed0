/** How a target's recorded history begins, and how it is mended. */
import { randomBytes } from 'node:crypto';
import { targetSettings } from '../config/index.js';
import {
  type Database,
  ensureDatabase,
  openDatabase,
  withDatabaseName,
  withSession,
} from '../database/index.js';
import {
  type AdoptReport,
  adopt,
  type BaselineReport,
  baseline,
  type RepairOptions,
  type RepairReport,
  repair,
  type ShownMigration,
  showMigration,
} from '../migrate/index.js';
import { quoteIdentifier } from '../sql/index.js';
import type { ProjectContext } from './context.js';
import { PROJECT_ERRORS } from './errors.js';
import { migrateOptions, type TargetChoice } from './migrations.js';

export interface AdoptChoice extends TargetChoice {
  /** The other tool's table, `schema.table` or `table`, where it is not found by its name. */
  readonly table?: string;
  /**
   * The connection string of an empty database to build the schema in that the migrations make. Unless given, one
   * is made on the target's server and dropped again.
   */
  readonly scratch?: string;
  /** Write the ledger in spite of differences. */
  readonly acceptDifferences?: boolean;
}

export type RepairChoice = TargetChoice & Pick<RepairOptions, 'accept' | 'forget' | 'done' | 'execute'>;

/** Calls on one target: the only one of `plinth.yaml`, where none is named. */
export interface HistoryCalls {
  /** Counts every migration up to a version as applied, in a database that exists. */
  baseline(choice: TargetChoice & { readonly version: string }): Promise<BaselineReport>;
  /** Takes over a database that another tool has migrated. */
  adopt(choice?: AdoptChoice): Promise<AdoptReport>;
  /** Says what is wrong with the ledger; with `execute`, mends the versions that are named. */
  repair(choice?: RepairChoice): Promise<RepairReport>;
  /** The texts that a migration was applied with. */
  show(choice: TargetChoice & { readonly version: string }): Promise<ShownMigration>;
}

export function historyCalls(context: ProjectContext): HistoryCalls {
  return {
    baseline: async ({ version, ...choice }) =>
      baseline({ ...(await migrateOptions(context, oneTarget(context, choice))), version }),
    adopt: async ({ target, scratch, ...choice } = {}) => {
      const options = await migrateOptions(
        context,
        oneTarget(context, target === undefined ? {} : { target }),
      );
      return withScratch(options.database, scratch, (made) =>
        adopt({ ...options, ...choice, scratch: made }),
      );
    },
    repair: async ({ target, ...choice } = {}) =>
      repair({
        ...(await migrateOptions(context, oneTarget(context, target === undefined ? {} : { target }))),
        ...choice,
      }),
    show: async ({ version, ...choice }) =>
      showMigration(await migrateOptions(context, oneTarget(context, choice)), version),
  };
}

/** The target that is named, or the only one. @throws PROJECT_TARGET_NEEDED, CONFIG_TARGET_UNKNOWN */
export function oneTarget({ config }: ProjectContext, { target }: TargetChoice): string {
  const targets = Object.keys(config.settings.targets);
  if (target === undefined && targets.length > 1) {
    throw PROJECT_ERRORS.TARGET_NEEDED({
      message: `Cannot tell which target is meant: there are ${targets.join(' and ')} (one was wanted)`,
    });
  }
  const chosen = target ?? targets[0]!;
  targetSettings(config, chosen);
  return chosen;
}

/** An empty database for the time of `work`: the one that was named, or one beside the target's. */
async function withScratch<T>(
  database: Database,
  url: string | undefined,
  work: (scratch: Database) => Promise<T>,
): Promise<T> {
  if (url !== undefined) {
    return work(openDatabase(url));
  }
  const name = `plinth_scratch_${randomBytes(4).toString('hex')}`;
  await ensureDatabase(database.url, name);
  try {
    return await work(openDatabase(withDatabaseName(database.url, name)));
  } finally {
    await withSession(database, (session) =>
      session.run(`drop database if exists ${quoteIdentifier(name)} with (force)`),
    );
  }
}
