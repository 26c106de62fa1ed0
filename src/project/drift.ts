/** The live schemas held against what their applied migrations make. */
import { join } from 'node:path';
import {
  type ComparedModels,
  type DriftReport,
  findDrift,
  openWorkshop,
  schemaChange,
  type WhatCounts,
  type Workshop,
} from '../compare/index.js';
import { targetSettings } from '../config/index.js';
import { type Database, withDatabaseName } from '../database/index.js';
import type { SchemaChange } from '../ddl/index.js';
import { folderOfOne, recordApplied } from '../migrate/index.js';
import { type ComparisonChoice, talk, whatCounts } from './compare-choice.js';
import type { ProjectContext } from './context.js';
import { fleetOf } from './fleet.js';
import { oneTarget } from './history.js';
import { chosenTargets, folderOf, migrateOptions, type TargetChoice } from './migrations.js';
import { observedDrift } from './observed-drift.js';
import { knownFolder } from './schema-sources.js';

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

/** The drift of every database of the chosen targets. */
export async function driftOf(
  context: ProjectContext,
  choice: DriftChoice,
): Promise<readonly DatabaseDrift[]> {
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
}

/** The statements that bring a database back to what the migrations make, and those that a migration would need. */
async function mendingSql({ from, to }: ComparedModels['models'], what: WhatCounts) {
  return {
    revert: await schemaChange(to, from, what),
    takeOver: await schemaChange(from, to, what),
  };
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
interface DriftPlace {
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
