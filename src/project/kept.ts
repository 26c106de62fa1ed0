/** Kept data of a target. */
import {
  type KeptReport,
  listKept,
  purgeKept,
  type RestoredByHand,
  restoreKeptEntry,
  type ShownKept,
  showKept,
} from '../migrate/index.js';
import type { ProjectContext } from './context.js';
import { oneTarget } from './history.js';
import { migrateOptions, type TargetChoice } from './migrations.js';

export interface KeptCalls {
  /** What migrations would have destroyed. */
  readonly kept: {
    /** What is kept; with `all`, also what was restored or purged. */
    list(choice?: TargetChoice & { readonly all?: boolean }): Promise<KeptReport>;
    /** Some of its rows. */
    show(choice: TargetChoice & { readonly id: number; readonly limit?: number }): Promise<ShownKept>;
    /** Puts it back into its table, or copies it into a new one. */
    restore(choice: TargetChoice & { readonly id: number; readonly into?: string }): Promise<RestoredByHand>;
    /** Removes what is expired, what is named, or all of it. */
    purge(
      choice?: TargetChoice & { readonly ids?: readonly number[]; readonly all?: boolean },
    ): Promise<KeptReport>;
  };
}

export function keptCalls(context: ProjectContext): KeptCalls {
  const options = async ({ target }: TargetChoice) =>
    migrateOptions(context, oneTarget(context, target === undefined ? {} : { target }));
  return {
    kept: {
      list: async (choice = {}) => listKept({ ...choice, ...(await options(choice)) }),
      show: async (choice) => showKept({ ...choice, ...(await options(choice)) }),
      restore: async (choice) => restoreKeptEntry({ ...choice, ...(await options(choice)) }),
      purge: async (choice = {}) => purgeKept({ ...choice, ...(await options(choice)) }),
    },
  };
}
