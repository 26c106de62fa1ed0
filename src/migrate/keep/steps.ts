/** How kept rows are put back, as SQL over some or all of them. */
import type { Placement } from './items.js';

export interface Steps {
  /** Commands over the kept rows `k` for which `some` is true, in their order. */
  readonly commands: (some: string) => readonly string[];
  /** True for a kept row `k` that is not in the table now. */
  readonly isUnplaced: string;
  /** Why a row is not placed when no command failed. */
  readonly reason: string;
  /** The rows are numbered anew by every command: they can only be placed together. */
  readonly isWhole: boolean;
}

/**
 * What the kept values win over: rows and values that the opposite script makes anew, too; or only what the first
 * script had made of them; or nothing that is there.
 */
export type Wins = 'what the script makes' | 'its own changes' | 'nothing';

/** What became of an item. */
export interface Placed extends Placement {
  /** The table that it was put into. */
  readonly table?: number;
}
