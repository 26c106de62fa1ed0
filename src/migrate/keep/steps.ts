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
  /** The rows `t` that are set to kept values. */
  readonly moves?: Moves;
}

export interface Moves {
  /** What `k` is joined with, and which rows `t` and `k` are one. */
  readonly join?: string;
  readonly where: string;
  /** Rows of the kept table are marked when they are put back. */
  readonly marks?: boolean;
  readonly set: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    /** True where the column is set. */
    readonly returns: string;
    /** The value that it gets. */
    readonly old: string;
  }[];
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

/** Row `t` is where the row lies that `k` was joined with. */
export const SAME_PLACE = 't.ctid = k.plinth_ctid and t.tableoid = k.plinth_table';
