/** Two schemas held against each other, and a schema saved to be compared with later. */
import { resolve } from 'node:path';
import {
  COMPARE_ERRORS,
  compareSchemas,
  openWorkshop,
  readSource,
  type SavedMigration,
  type SchemaComparison,
  saveMigration,
  schemaChange,
} from '../compare/index.js';
import { writeFileAtomic } from '../core/index.js';
import type { Database } from '../database/index.js';
import type { SchemaChange } from '../ddl/index.js';
import { formatModel } from '../schema/index.js';
import { type ComparisonChoice, talk, whatCounts } from './compare-choice.js';
import type { ProjectContext } from './context.js';
import { PROJECT_ERRORS } from './errors.js';
import { chosenTargets, folderOf, type TargetChoice } from './migrations.js';
import { databaseIfThere, parseSide, type SchemaSide, sourceOf } from './schema-sources.js';

/**
 * Two schemas: a target (its live database), `target@version`, `target@latest`, `target@applied`, `target@0`,
 * `target@ref:` (the folder in a commit), a saved model's path, or a connection string.
 */
export interface DiffChoice extends ComparisonChoice {
  /** What the targets' migrations make, unless given. */
  readonly from?: string;
  /** The live database, unless given. */
  readonly to?: string;
  /** Tell the SQL that turns the first into the second. */
  readonly sql?: boolean;
  /** Write the difference as a migration of this name into the target's folder, once it is proven. */
  readonly save?: string;
  /** What the second schema calls otherwise, as `shop.customers.mail=email`. */
  readonly renames?: readonly string[];
}

/** What a diff found, and what was made of it. */
export interface DiffReport extends SchemaComparison {
  readonly sql?: SchemaChange;
  readonly saved?: SavedMigration;
}

export interface SaveSchemaChoice extends Pick<ComparisonChoice, 'target' | 'schemas'> {
  /** The file to write, from the working folder. */
  readonly file: string;
  /** What to save, as for `diff`; the live database unless given. */
  readonly source?: string;
}

export interface SavedSchema {
  readonly file: string;
  readonly source: string;
  readonly counts: {
    readonly schemas: number;
    readonly tables: number;
    readonly views: number;
    readonly routines: number;
  };
}

export async function diffSchemas(context: ProjectContext, choice: DiffChoice): Promise<DiffReport> {
  const { from, to, schemas, renames, ...rest } = choice;
  const second = to === undefined ? await liveSide(context, choice) : await parseSide(context, to);
  const first = from === undefined ? latestSide(context, choice) : await parseSide(context, from);
  const sides = [first, second];
  const folder =
    choice.save === undefined ? undefined : folderOf(context, targetToSaveIn(context, choice, sides));
  const live = sides.find((side) => side.kind === 'live')?.database;
  const like = live ?? (await likenessOf(context, sides));
  const workshop = openWorkshop({ ...talk(context), ...(like ? { like } : {}) });
  try {
    const options = {
      from: await sourceOf(context, first, { live, like }),
      to: await sourceOf(context, second, { live, like }),
      workshop,
      ...whatCounts(rest),
      ...(schemas ? { schemas } : {}),
      ...(renames ? { renames } : {}),
      ...talk(context),
    };
    const compared = await compareSchemas(options);
    const { models, renaming, ...comparison } = compared;
    const change = choice.sql ? await schemaChange(models.from, models.to, options) : undefined;
    const sql = change ? { sql: { ...change, statements: [...renaming.up, ...change.statements] } } : {};
    const saved =
      folder && choice.save !== undefined && !compared.isEmpty
        ? { saved: await saveMigration({ ...options, compared, folder, description: choice.save }) }
        : {};
    return { ...comparison, ...sql, ...saved };
  } finally {
    await workshop.close();
  }
}

/** The target that is named, or the only one whose migrations are compared. @throws COMPARE_TARGET_NEEDED */
function targetToSaveIn(context: ProjectContext, choice: TargetChoice, sides: readonly SchemaSide[]): string {
  const compared = new Set(sides.flatMap((side) => (side.kind === 'migrations' ? side.targets : [])));
  const targets =
    choice.target === undefined && compared.size > 0 ? [...compared] : chosenTargets(context, choice);
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0) {
    throw COMPARE_ERRORS.TARGET_NEEDED({
      message: `Cannot save a migration: it could be one of ${targets.join(' or ')} (one target was wanted)`,
    });
  }
  return target;
}

export async function saveSchema(
  context: ProjectContext,
  { file, source, schemas, ...choice }: SaveSchemaChoice,
): Promise<SavedSchema> {
  const side = source === undefined ? await liveSide(context, choice) : await parseSide(context, source);
  const like = await likenessOf(context, [side]);
  const workshop = openWorkshop({ ...talk(context), ...(like ? { like } : {}) });
  try {
    const { model } = await readSource(await sourceOf(context, side, { live: undefined, like }), workshop, {
      ...talk(context),
      ...(schemas ? { schemas } : {}),
    });
    writeFileAtomic(resolve(file), formatModel(model));
    const { length: tables } = model.tables;
    const counts = {
      schemas: model.schemas.length,
      tables,
      views: model.views.length,
      routines: model.routines.length,
    };
    return { file, source: side.label, counts };
  } finally {
    await workshop.close();
  }
}

/** The live database of the chosen targets, which must be one. @throws PROJECT_TARGET_NEEDED */
async function liveSide(context: ProjectContext, choice: TargetChoice): Promise<SchemaSide> {
  const targets = chosenTargets(context, choice);
  const databases = new Map<string, Database>();
  for (const target of targets) {
    const database = await context.databaseOf(target);
    databases.set(database.url, database);
  }
  const [database, ...others] = databases.values();
  if (others.length > 0 || !database) {
    throw PROJECT_ERRORS.TARGET_NEEDED({
      message: `Cannot tell which database is meant: ${targets.join(' and ')} have ${databases.size} (one was wanted)`,
    });
  }
  return { kind: 'live', label: `the database of ${targets.join(' and ')}`, database };
}

/** What the newest files of the chosen targets make. */
function latestSide(context: ProjectContext, choice: TargetChoice): SchemaSide {
  const targets = chosenTargets(context, choice);
  const label = targets.map((target) => `${target}@latest`).join(' and ');
  return { kind: 'migrations', label, targets, version: 'latest', ref: undefined };
}

/** The database that the throwaway ones stand in for, where no live one is compared. */
async function likenessOf(
  context: ProjectContext,
  sides: readonly SchemaSide[],
): Promise<Database | undefined> {
  const target = sides.flatMap((side) => (side.kind === 'migrations' ? side.targets : []))[0];
  return target === undefined ? undefined : await databaseIfThere(context, target);
}
