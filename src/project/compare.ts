/** Schemas held against each other: any two, and the live ones against what their applied migrations make. */
import { join, resolve } from 'node:path';
import {
  COMPARE_ERRORS,
  type ComparedModels,
  compareSchemas,
  type DriftReport,
  findDrift,
  type Ignorable,
  openWorkshop,
  readSource,
  type SavedMigration,
  type SchemaComparison,
  saveMigration,
  schemaChange,
  type WhatCounts,
  type Workshop,
} from '../compare/index.js';
import { targetSettings } from '../config/index.js';
import { writeFileAtomic } from '../core/index.js';
import { type Database, withDatabaseName } from '../database/index.js';
import type { SchemaChange } from '../ddl/index.js';
import { folderOfOne, recordApplied } from '../migrate/index.js';
import { formatModel } from '../schema/index.js';
import type { ProjectContext } from './context.js';
import { PROJECT_ERRORS } from './errors.js';
import { fleetOf } from './fleet.js';
import { oneTarget } from './history.js';
import { chosenTargets, folderOf, migrateOptions, type TargetChoice } from './migrations.js';
import { observedDrift } from './observed-drift.js';
import { databaseIfThere, knownFolder, parseSide, type SchemaSide, sourceOf } from './schema-sources.js';

/** What counts, and where to look. */
export interface ComparisonChoice extends TargetChoice {
  /** What does not count: `column-order`, `owners`, `privileges`, `extensions`, `comments`. */
  readonly ignore?: readonly Ignorable[];
  /** Partitions that add nothing to their table count too. */
  readonly partitions?: boolean;
  /** Only these schemas. */
  readonly schemas?: readonly string[];
}

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

export interface DriftChoice extends Pick<ComparisonChoice, 'target' | 'ignore' | 'partitions'> {
  /** Tell the SQL that would mend it, both ways. */
  readonly sql?: boolean;
  /**
   * A pending migration of the one target that is meant: compare as if it were applied and, where nothing differs,
   * record it as applied without running it.
   */
  readonly record?: string;
}

/** What was found in one database. */
export interface DatabaseDrift extends DriftReport {
  /** Which one of a fleet. */
  readonly member: string | undefined;
  /** What would mend it: bring the database back, or lead from the migrations to it as it is. */
  readonly sql?: { readonly revert: SchemaChange; readonly takeOver: SchemaChange };
  /** The version that was recorded as applied. */
  readonly recorded?: string;
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

export interface CompareCalls {
  /** What leads from one schema to another. */
  diff(choice?: DiffChoice): Promise<DiffReport>;
  /** Compares each live schema with what its applied migrations make. */
  drift(choice?: DriftChoice): Promise<readonly DatabaseDrift[]>;
  /** Writes a schema to a file, to be compared with later. */
  saveSchema(choice: SaveSchemaChoice): Promise<SavedSchema>;
}

export function compareCalls(context: ProjectContext): CompareCalls {
  return {
    diff: (choice = {}) => compare(context, choice),
    drift: async (choice = {}) => {
      const found: DatabaseDrift[] = [];
      const asIf = choice.record === undefined ? {} : asIfApplied(context, choice, choice.record);
      const workshops = workshopPerServer(context);
      try {
        for (const place of await placesOf(context, choice)) {
          const workshop = workshops.of(place.database);
          const { models, ...report } = await observedDrift(place, () =>
            findDrift({ ...place, ...asIf, workshop, ...driftOptions(context, choice) }),
          );
          const sql = choice.sql && models ? { sql: await mendingSql(models, choice) } : {};
          const recorded =
            choice.record !== undefined && report.state === 'none'
              ? { recorded: await record(context, place, choice.record) }
              : {};
          found.push({ ...report, member: place.member, ...sql, ...recorded });
        }
      } finally {
        await workshops.close();
      }
      return found;
    },
    saveSchema: async ({ file, source, schemas, ...choice }) => {
      const side = source === undefined ? await liveSide(context, choice) : await parseSide(context, source);
      const like = await likenessOf(context, [side]);
      const workshop = openWorkshop({ ...talk(context), ...(like ? { like } : {}) });
      try {
        const { model } = await readSource(
          await sourceOf(context, side, { live: undefined, like }),
          workshop,
          {
            ...talk(context),
            ...(schemas ? { schemas } : {}),
          },
        );
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
    },
  };
}

async function compare(context: ProjectContext, choice: DiffChoice): Promise<DiffReport> {
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

/** The statements that bring a database back to what the migrations make, and those that a migration would need. */
async function mendingSql({ from, to }: ComparedModels['models'], what: WhatCounts) {
  return {
    revert: await schemaChange(to, from, what),
    takeOver: await schemaChange(from, to, what),
  };
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

/** The migration that is to count as applied, of the one target that is meant. */
function asIfApplied(context: ProjectContext, choice: DriftChoice, version: string) {
  const target = oneTarget(context, choice);
  return { asIfApplied: { target, folder: folderOfOne(folderOf(context, target), version) } };
}

/** Records a migration in one database, or in one member of a fleet. */
async function record(context: ProjectContext, place: DriftPlace, version: string): Promise<string> {
  const options = await migrateOptions(context, place.names[0]!);
  const { scope, member, database } = place;
  const recorded = await recordApplied(
    {
      ...options,
      database,
      ...(scope === undefined ? {} : { schema: scope }),
      ...(member === undefined ? {} : { member }),
    },
    version,
  );
  return recorded.version;
}

/** One workshop for all databases of a server: its throwaway server is started once, if it is needed at all. */
function workshopPerServer(context: ProjectContext) {
  const opened = new Map<string, Workshop>();
  return {
    of: (database: Database): Workshop => {
      const server = withDatabaseName(database.url, 'postgres');
      const workshop = opened.get(server) ?? openWorkshop({ ...talk(context), like: database });
      opened.set(server, workshop);
      return workshop;
    },
    close: async (): Promise<void> => {
      for (const workshop of opened.values()) {
        await workshop.close();
      }
    },
  };
}

/** A database whose drift is looked at, or a schema of it. */
export interface DriftPlace {
  /** The chosen targets that live there. */
  readonly names: readonly string[];
  readonly member: string | undefined;
  readonly database: Database;
  readonly scope?: string;
  readonly sharedSchemas?: readonly string[];
}

/** Every database of the chosen targets once, and every member of those that are fleets. */
async function placesOf(context: ProjectContext, choice: TargetChoice): Promise<readonly DriftPlace[]> {
  const places = new Map<string, DriftPlace>();
  for (const target of chosenTargets(context, choice)) {
    const { fleet: settings } = targetSettings(context.config, target);
    if (settings) {
      const fleet = await fleetOf(context, target, await migrateOptions(context, target));
      for (const { name, options } of fleet?.members ?? []) {
        places.set(`${options.database.url} ${options.schema ?? ''}`, {
          names: [target],
          member: name,
          database: options.database,
          ...(options.schema === undefined ? {} : { scope: options.schema }),
          ...(options.sharedSchemas ? { sharedSchemas: options.sharedSchemas } : {}),
        });
      }
    } else {
      const database = await context.databaseOf(target);
      const known = places.get(`${database.url} `);
      places.set(`${database.url} `, {
        names: [...(known?.names ?? []), target],
        member: undefined,
        database,
      });
    }
  }
  return [...places.values()];
}

/** What comparisons of live schemas have in common. */
export function driftOptions(context: ProjectContext, choice: Omit<DriftChoice, 'target'>) {
  return {
    folderOf: (target: string) => knownFolder(context, target),
    cacheFolder: join(context.config.root, '.plinth/cache/expected-schemas'),
    ...whatCounts(choice),
    ...talk(context),
  };
}

function whatCounts({ ignore, partitions }: WhatCounts): WhatCounts {
  return { ...(ignore ? { ignore } : {}), ...(partitions ? { partitions } : {}) };
}

function talk({ onProgress, signal }: ProjectContext) {
  return { onProgress, ...(signal ? { signal } : {}) };
}
