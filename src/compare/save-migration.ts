/**
 * A difference as a migration: up leads from the one schema to the other, down back. Both are run on a throwaway
 * database before anything is written: a pair that does not do what it says is worth less than none.
 */
import { diff, readSchema } from '../catalog/index.js';
import type { Database } from '../database/index.js';
import { withSession } from '../database/index.js';
import type { SchemaChange } from '../ddl/index.js';
import { apply, type FolderChoice, type NewMigration, newMigration, rollback } from '../migrate/index.js';
import { addressText, type SchemaModel } from '../schema/index.js';
import type { ComparedModels } from './compare-schemas.js';
import { differencesOf } from './differences.js';
import { COMPARE_ERRORS } from './errors.js';
import { oneMigration, withSchemaOf } from './made-from.js';
import type { SchemaSource } from './schema-source.js';
import { schemaChange, scriptOf } from './schema-sql.js';
import { comparisonOptions, counted, type WhatCounts } from './what-counts.js';
import type { Workshop } from './workshop.js';

export interface SaveMigrationOptions extends WhatCounts {
  readonly compared: ComparedModels;
  /** What the first of the compared models was read from. */
  readonly from: SchemaSource;
  readonly workshop: Workshop;
  readonly schemas?: readonly string[];
  /** The folder that the migration is for. */
  readonly folder: FolderChoice;
  /** What the change does, in a few words. */
  readonly description: string;
}

export interface SavedMigration extends NewMigration {
  readonly up: string;
  /** How many statements each way has. */
  readonly statements: { readonly up: number; readonly down: number };
}

/**
 * Writes the pair into the folder, in the folder's format.
 * @throws COMPARE_NOT_PROVEN, MIGRATE_NAME_INVALID, FILE_NOT_WRITTEN
 */
export async function saveMigration(options: SaveMigrationOptions): Promise<SavedMigration> {
  const { models, renaming } = options.compared;
  const forward = await schemaChange(models.from, models.to, options);
  const back = await schemaChange(models.to, models.from, options);
  const up = { ...forward, statements: [...renaming.up, ...forward.statements] };
  const down = { ...back, statements: [...back.statements, ...renaming.down] };
  await prove(options, { up: scriptOf(up), down: scriptOf(down) });
  const { path, displayPath, format } = options.folder;
  const made = newMigration({
    folder: path,
    ...(displayPath === undefined ? {} : { displayFolder: displayPath }),
    ...(format === undefined ? {} : { format }),
    description: options.description,
    scripts: {
      up: `${head(options, up)}\n${scriptOf(up)}`,
      down: `-- Takes back: ${options.description}\n\n${scriptOf(down)}`,
    },
  });
  return { ...made, statements: { up: up.statements.length, down: down.statements.length } };
}

/** What a migration begins with: what, why, and whom it keeps waiting. */
function head({ description, compared }: SaveMigrationOptions, { statements }: SchemaChange): string {
  const reasons = new Set(
    statements.flatMap(({ hazards }) =>
      hazards.filter(({ kind }) => kind.startsWith('blocks')).map(({ reason }) => reason),
    ),
  );
  const locks = reasons.size > 0 ? [...reasons].join('\n--        ') : 'none that keeps anybody waiting.';
  return `-- What:  ${description}\n-- Why:   leads from ${compared.from.label} to ${compared.to.label}.\n-- Locks: ${locks}\n`;
}

interface Scripts {
  readonly up: string;
  readonly down: string;
}

const TARGET = 'proof';

async function prove(options: SaveMigrationOptions, scripts: Scripts): Promise<void> {
  const { compared, from, workshop } = options;
  const { start, to } = compared.models;
  await withSchemaOf({ source: from, model: start }, workshop, options, async (database) => {
    const folder = oneMigration(scripts);
    await apply({ database, target: TARGET, folder });
    requireSame(await readAs(database, options), to, options, `up does not lead to ${compared.to.label}`);
    await rollback({ database, target: TARGET, folder });
    requireSame(
      await readAs(database, options),
      start,
      options,
      `down does not lead back to ${compared.from.label}`,
    );
  });
}

async function readAs(database: Database, options: SaveMigrationOptions): Promise<SchemaModel> {
  const { schemas } = options;
  const model = await withSession(database, (session) => readSchema(session, schemas ? { schemas } : {}));
  return counted(model, options);
}

/** The order of columns does not count: no statement changes it. */
function requireSame(made: SchemaModel, wanted: SchemaModel, what: WhatCounts, failure: string): void {
  const found = diff(made, wanted, { ...comparisonOptions(what), ignoreColumnOrder: true });
  if (!found.isEmpty) {
    const remaining = differencesOf(found, made, wanted).map((difference) => addressText(difference));
    throw COMPARE_ERRORS.NOT_PROVEN({
      message: `Cannot save the difference: ${failure}; what remains is ${remaining.slice(0, 10).join(', ')}`,
      details: { remaining },
    });
  }
}
