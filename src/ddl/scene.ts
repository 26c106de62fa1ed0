import type { Column } from '../schema/index.js';
import type { Inventory } from './inventory.js';

/** The two schemas that a change lies between, and how it is to be written. */
export interface Scene {
  readonly from: Inventory;
  readonly to: Inventory;
  /** The major version of the server that the statements are for. */
  readonly major: number;
  readonly exact: boolean;
  readonly withOwners: boolean;
  readonly withPrivileges: boolean;
  /** The role that runs the statements and so owns what they make. */
  readonly role: string | undefined;
}

/** What has been decided about a change before it is written. */
export interface Decisions {
  /** The units that are made with another's statement. */
  readonly isInline: (key: string) => boolean;
  /** The units that are made. */
  readonly isCreated: (key: string) => boolean;
  /** Whether a default comes, or goes, in all the tables below too. */
  readonly isForAll: (key: string, side: 'from' | 'to') => boolean;
  /** The columns whose type is made anew. */
  readonly isRetyped: (key: string) => boolean;
  /** Whether a change of the parent's column does the same to this one. */
  readonly isCarried: (key: string, property: keyof Column) => boolean;
}
