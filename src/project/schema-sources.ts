/** What people write for a schema, as sources: `operational`, `operational@latest`, a file, a connection string. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  COMPARE_ERRORS,
  type Recipe,
  type RecipeStep,
  readExpected,
  type SchemaSource,
} from '../compare/index.js';
import { targetSettings } from '../config/index.js';
import { isPlinthError, nearest } from '../core/index.js';
import { type Database, openDatabase, withSession } from '../database/index.js';
import type { ProjectContext } from './context.js';
import { folderAtRef } from './folder-at-ref.js';
import { folderOf } from './migrations.js';

/** The live database of a target. */
interface LiveSide {
  readonly kind: 'live';
  readonly label: string;
  readonly database: Database;
}

/** A target's migrations up to a version. */
interface MigrationsSide {
  readonly kind: 'migrations';
  readonly label: string;
  readonly targets: readonly string[];
  /** `latest`, `applied`, `0`, or a version. */
  readonly version: string;
  /** A commit, where the folder is to be read as it is there. */
  readonly ref: string | undefined;
}

interface FileSide {
  readonly kind: 'snapshot';
  readonly label: string;
  readonly path: string;
}

export type SchemaSide = LiveSide | MigrationsSide | FileSide;

/**
 * What a text names. A target's name is its live database; `@` and a version behind it are its migrations.
 * @throws COMPARE_SOURCE_UNKNOWN, DATABASE_URL_INVALID
 */
export async function parseSide(context: ProjectContext, text: string): Promise<SchemaSide> {
  const targets = Object.keys(context.config.settings.targets);
  if (/^postgres(ql)?:\/\//i.test(text)) {
    const database = openDatabase(text);
    return { kind: 'live', label: database.displayUrl, database };
  }
  const [, name = '', wanted] = /^([^@]+)@(.+)$/s.exec(text) ?? [];
  if (wanted !== undefined && targets.includes(name)) {
    const [, ref, version] = /^(.+):([^:]*)$/s.exec(wanted) ?? [];
    return {
      kind: 'migrations',
      label: text,
      targets: [name],
      version: ref === undefined ? wanted : version || 'latest',
      ref,
    };
  }
  if (targets.includes(text)) {
    return { kind: 'live', label: `the database of ${text}`, database: await context.databaseOf(text) };
  }
  const path = resolve(context.config.root, text);
  if (existsSync(path)) {
    return { kind: 'snapshot', label: text, path };
  }
  const near = nearest(wanted === undefined ? text : name, targets);
  throw COMPARE_ERRORS.SOURCE_UNKNOWN({
    message: `Cannot read a schema from '${text}': it is neither a target, a file nor a connection string`,
    ...(near ? { hint: `Did you mean '${wanted === undefined ? near : `${near}@${wanted}`}'?` } : {}),
    details: { source: text },
  });
}

/**
 * The source of a side. Migrations that are held against a live database are made beside what other targets have
 * applied to it, so that these are no differences.
 * @param like the database that throwaway ones stand in for, if it can be reached
 * @throws COMPARE_LEDGER_MISSING, COMPARE_REF_UNKNOWN, MIGRATE_FOLDER_NOT_FOUND and alike
 */
export async function sourceOf(
  context: ProjectContext,
  side: SchemaSide,
  { live, like }: { readonly live: Database | undefined; readonly like: Database | undefined },
): Promise<SchemaSource> {
  switch (side.kind) {
    case 'live':
      return { kind: 'database', label: side.label, database: side.database };
    case 'snapshot':
      return side;
    case 'migrations':
      return { kind: 'migrations', label: side.label, recipe: await recipeOf(context, side, { live, like }) };
  }
}

async function recipeOf(
  context: ProjectContext,
  { targets, version, ref, label }: MigrationsSide,
  { live, like }: { readonly live: Database | undefined; readonly like: Database | undefined },
): Promise<Recipe> {
  const isApplied = version === 'applied' && ref === undefined;
  const ledgerOf = isApplied ? await context.databaseOf(targets[0]!) : (live ?? like);
  const expected = ledgerOf && (await expectedOf(context, ledgerOf));
  const applied = expected?.recipe.steps ?? [];
  const isOwn = ({ target }: RecipeStep): boolean => targets.includes(target);
  if (isApplied && !applied.some(isOwn)) {
    throw COMPARE_ERRORS.LEDGER_MISSING({
      message: `Cannot make ${label}: the ledger of its database has no applied migration of it`,
    });
  }
  const role = expected?.recipe.role;
  const owner = role === undefined ? {} : { role };
  const own = isApplied
    ? applied.filter(isOwn)
    : targets.map((target) => folderStep(context, target, version, ref));
  if (live === undefined) {
    return { steps: own, ...owner };
  }
  const first = applied.findIndex(isOwn);
  const before = applied.slice(0, first === -1 ? applied.length : first).filter((step) => !isOwn(step));
  const after = first === -1 ? [] : applied.slice(first).filter((step) => !isOwn(step));
  return { steps: [...before, ...own, ...after], ...owner };
}

function folderStep(
  context: ProjectContext,
  target: string,
  version: string,
  ref: string | undefined,
): RecipeStep {
  const folder = folderOf(context, target);
  return {
    target,
    folder: ref === undefined ? folder : folderAtRef(context.config.root, folder, ref),
    ...(version === 'latest' ? {} : { to: version }),
  };
}

/** What a database's ledger says; nothing where the database cannot be asked. */
async function expectedOf(context: ProjectContext, database: Database) {
  try {
    return await withSession(database, (session) =>
      readExpected(session, { folderOf: (target) => knownFolder(context, target) }),
    );
  } catch (error) {
    if (isPlinthError(error, 'DATABASE_UNREACHABLE', 'DATABASE_NOT_FOUND', 'DATABASE_CREDENTIALS_REFUSED')) {
      return undefined;
    }
    throw error;
  }
}

/** The folder of a target that plinth.yaml has. */
export function knownFolder(context: ProjectContext, target: string) {
  return target in context.config.settings.targets ? folderOf(context, target) : undefined;
}

/** The database of a target, if it is there without starting anything. @throws CONFIG_TARGET_UNKNOWN */
export async function databaseIfThere(
  context: ProjectContext,
  target: string,
): Promise<Database | undefined> {
  targetSettings(context.config, target);
  try {
    return await context.existingDatabaseOf(target);
  } catch (error) {
    if (isPlinthError(error, 'PROJECT_SERVER_STOPPED')) {
      return undefined;
    }
    throw error;
  }
}
