/** The proof of migrations, for the targets that `plinth.yaml` declares. */
import { type ErrorFactory, isPlinthError } from '../core/index.js';
import type { Session } from '../database/index.js';
import {
  findVersion,
  keyOf,
  type MigrateOptions,
  type MigrationFolder,
  readFolder,
  status,
} from '../migrate/index.js';
import type { Filler, Proof, ProveOptions } from '../prove/index.js';
import type { ProjectContext } from './context.js';
import { fleetOf } from './fleet.js';
import { chosenTargets, folderOf, migrateOptions, type TargetChoice } from './migrations.js';
import { OPERATIONAL_TARGET } from './tenants.js';

/** Which migrations to prove; those that are pending, unless told. */
export interface ProveChoice extends TargetChoice {
  readonly versions?: readonly string[];
  /** Every migration of the folder. */
  readonly all?: boolean;
  /** Those that this branch has added or changed since it left `base`, a git reference. */
  readonly base?: string;
  /** How many servers to work on at once. */
  readonly parallel?: number;
  /** Cut scripts off after each of their statements, however many migrations there are. */
  readonly everyStatement?: boolean;
  /** Write a down that works over one that does not. */
  readonly writeDown?: boolean;
}

export interface ProveCalls {
  /**
   * Takes migrations up, down and up again on throwaway databases with rows, and tells whether anything is lost. The
   * targets' own databases are looked at, and never changed.
   */
  prove(choice?: ProveChoice): Promise<readonly Proof[]>;
}

/** Loaded by the call, so that the other commands start without it. */
const loadProve = () => import('../prove/index.js');

export function proveCalls(context: ProjectContext): ProveCalls {
  return {
    prove: async (choice = {}) => {
      const { prove, PROVE_ERRORS } = await loadProve();
      const works: Work[] = [];
      for (const target of chosenTargets(context, choice)) {
        works.push(await workOf(context, target, choice));
      }
      checkVersions(
        works.map(({ options }) => options),
        choice,
        PROVE_ERRORS.VERSION_UNKNOWN,
      );
      const proofs: Proof[] = [];
      for (const { options, notices } of works.filter(
        ({ options: { versions } }) => choice.versions === undefined || versions.length > 0,
      )) {
        const proof = await prove(options);
        proofs.push({ ...proof, notices: [...notices, ...proof.notices] });
      }
      return proofs;
    },
  };
}

interface Work {
  readonly options: ProveOptions;
  readonly notices: readonly string[];
}

async function workOf(context: ProjectContext, target: string, choice: ProveChoice): Promise<Work> {
  const folder = readFolder(folderOf(context, target));
  const { isThere, notices } = await lookAtDatabase(context, target);
  const pending = isThere ? await migrateOptionsOfOne(context, target) : undefined;
  const options: ProveOptions = {
    target,
    folder,
    versions: await versionsOf(context, target, folder, choice, pending),
    filler: await fillerOf(target),
    ...(pending ? { like: pending.database } : {}),
    ...(pending?.schema === undefined ? {} : { schema: pending.schema }),
    ...(pending?.sharedSchemas === undefined ? {} : { sharedSchemas: pending.sharedSchemas }),
    ...(choice.parallel === undefined ? {} : { parallel: choice.parallel }),
    ...(choice.everyStatement === undefined ? {} : { everyStatement: choice.everyStatement }),
    writeDown: choice.writeDown ?? false,
    root: context.config.root,
    onProgress: context.onProgress,
    ...(context.signal ? { signal: context.signal } : {}),
  };
  return { options, notices };
}

/** Whether the target's database is there without being started or made; one that is kept from us is told. */
async function lookAtDatabase(
  context: ProjectContext,
  target: string,
): Promise<{ readonly isThere: boolean; readonly notices: readonly string[] }> {
  try {
    const database = await context.existingDatabaseOf(target);
    await (await database.connect({ timeoutMs: 3000 })).close();
    return { isThere: true, notices: [] };
  } catch (error) {
    if (isPlinthError(error, 'DATABASE_UNREACHABLE', 'DATABASE_CREDENTIALS_REFUSED')) {
      const notice = `The target was not looked at, so that every migration counts as pending, and its version and roles are not known. ${error.message}.`;
      return { isThere: false, notices: [notice] };
    }
    if (isPlinthError(error, 'PROJECT_SERVER_STOPPED', 'DATABASE_NOT_FOUND')) {
      return { isThere: false, notices: [] };
    }
    throw error;
  }
}

/** The engine's options for the target; of a fleet the first member stands for all. */
async function migrateOptionsOfOne(context: ProjectContext, target: string): Promise<MigrateOptions> {
  const options = await migrateOptions(context, target);
  const fleet = await fleetOf(context, target, options);
  return fleet?.members[0]?.options ?? options;
}

async function versionsOf(
  context: ProjectContext,
  target: string,
  folder: MigrationFolder,
  choice: ProveChoice,
  database: MigrateOptions | undefined,
): Promise<readonly string[]> {
  const known = folder.migrations.filter(({ kind }) => kind === 'versioned').map(keyOf);
  if (choice.versions !== undefined) {
    return choice.versions.flatMap((wanted) => findVersion(known, wanted) ?? []);
  }
  if (choice.base !== undefined) {
    const { branchVersions } = await loadProve();
    return await branchVersions({ path: folderOf(context, target).path, folder, base: choice.base });
  }
  if (choice.all || database === undefined) {
    return known;
  }
  const { migrations } = await status({ ...database, folder });
  const open = new Set(migrations.filter(({ state }) => state === 'pending').map(({ version }) => version));
  return known.filter((version) => open.has(version));
}

/** @throws PROVE_VERSION_UNKNOWN for a version that no target has */
function checkVersions(
  works: readonly ProveOptions[],
  { versions = [] }: ProveChoice,
  unknown: ErrorFactory,
): void {
  for (const wanted of versions) {
    if (!works.some(({ folder }) => findVersion(folder.migrations.map(keyOf), wanted) !== undefined)) {
      throw unknown({
        message: `Cannot prove ${wanted}: no target has a migration of that version`,
        details: { version: wanted },
      });
    }
  }
}

/** The foundation's sample data fit its operational target; everything else gets rows from its catalogue. */
async function fillerOf(target: string): Promise<Filler> {
  const { generatedRows } = await loadProve();
  if (target !== OPERATIONAL_TARGET) {
    return generatedRows();
  }
  const { seed } = await import('../seed/index.js');
  return generatedRows({
    seed: async (session: Session) => {
      try {
        await seed(session, { organizations: SEEDED_ORGANIZATIONS });
        return true;
      } catch (error) {
        if (isPlinthError(error, 'SEED_SCHEMA_MISSING', 'DATABASE_STATEMENT_FAILED')) {
          return false;
        }
        throw error;
      }
    },
  });
}

const SEEDED_ORGANIZATIONS = 3;
