/** Kept data of a target, or of the members of the fleet that it is. */
import {
  type KeptReport,
  listKept,
  type MigrateOptions,
  planPurge,
  purgeKept,
  type RestoredByHand,
  restoreKeptEntry,
  type ShownKept,
  showKept,
} from '../migrate/index.js';
import type { ProjectContext } from './context.js';
import { PROJECT_ERRORS } from './errors.js';
import { fleetOf } from './fleet.js';
import { oneTarget } from './history.js';
import { migrateOptions, type TargetChoice } from './migrations.js';

/** A target and, where that is a fleet, one of its members. */
interface KeptChoice extends TargetChoice {
  readonly member?: string;
}

interface PurgeChoice extends KeptChoice {
  readonly ids?: readonly number[];
  readonly all?: boolean;
}

export interface KeptCalls {
  /** What migrations would have destroyed. Ids are those of one database: in a fleet, name the member too. */
  readonly kept: {
    /** What is kept; with `all`, also what was restored or purged. Of a fleet, all members unless one is named. */
    list(choice?: KeptChoice & { readonly all?: boolean }): Promise<KeptReport>;
    /** Some of its rows. @throws PROJECT_MEMBER_NEEDED, PROJECT_MEMBER_UNKNOWN */
    show(choice: KeptChoice & { readonly id: number; readonly limit?: number }): Promise<ShownKept>;
    /** Puts it back into its table, or copies it into a new one. @throws as `show` does */
    restore(choice: KeptChoice & { readonly id: number; readonly into?: string }): Promise<RestoredByHand>;
    /** Removes what is expired, what is named, or all of it. @throws as `show` does, where ids are named */
    purge(choice?: PurgeChoice): Promise<KeptReport>;
    /** What `purge` would remove. @throws as it does */
    planPurge(choice?: PurgeChoice): Promise<KeptReport>;
  };
}

export function keptCalls(context: ProjectContext): KeptCalls {
  /** One call for each database or schema that is chosen, as one report. */
  const each = async (
    choice: KeptChoice,
    call: (options: MigrateOptions) => Promise<KeptReport>,
  ): Promise<KeptReport> => {
    const reports: KeptReport[] = [];
    for (const options of await placesOf(context, choice)) {
      reports.push(await call(options));
    }
    return {
      target: reports[0]?.target ?? oneTarget(context, choice),
      entries: reports.flatMap(({ entries }) => entries),
      bytes: reports.reduce((sum, { bytes }) => sum + bytes, 0),
      expired: reports.reduce((sum, { expired }) => sum + expired, 0),
    };
  };
  const one = async (choice: KeptChoice): Promise<MigrateOptions> => {
    const places = await placesOf(context, choice);
    if (places.length !== 1) {
      throw PROJECT_ERRORS.MEMBER_NEEDED({
        message: `Cannot tell which kept data is meant: '${places[0]?.target ?? choice.target}' is a fleet of ${places.length}, and ids are those of one member`,
      });
    }
    return places[0]!;
  };
  const chosen = async (choice: PurgeChoice, call: typeof purgeKept): Promise<KeptReport> =>
    choice.ids
      ? call({ ...choice, ...(await one(choice)) })
      : each(choice, (options) => call({ ...choice, ...options }));
  return {
    kept: {
      list: (choice = {}) => each(choice, (options) => listKept({ ...choice, ...options })),
      show: async (choice) => showKept({ ...choice, ...(await one(choice)) }),
      restore: async (choice) => restoreKeptEntry({ ...choice, ...(await one(choice)) }),
      purge: (choice = {}) => chosen(choice, purgeKept),
      planPurge: (choice = {}) => chosen(choice, planPurge),
    },
  };
}

/** The target's own database, or the members that are chosen of its fleet. */
async function placesOf(context: ProjectContext, choice: KeptChoice): Promise<readonly MigrateOptions[]> {
  const target = oneTarget(context, choice);
  const options = await migrateOptions(context, target);
  const fleet = await fleetOf(context, target, options);
  const { member } = choice;
  if (member === undefined) {
    return fleet?.members.map((each) => each.options) ?? [options];
  }
  const found = fleet?.members.find(({ name }) => name === member);
  if (found === undefined) {
    throw PROJECT_ERRORS.MEMBER_UNKNOWN({
      message: `Cannot look into '${member}': ${fleet ? `the fleet of '${target}' has no such member` : `'${target}' is no fleet`}`,
    });
  }
  return [found.options];
}
