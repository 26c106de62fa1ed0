import type { TableFacts } from './table-facts.js';

/** Triggers for the statement that stand on a table. */
export interface Triggers {
  /** What their names and those of their functions begin with. */
  readonly prefix: string;
  readonly table: TableFacts;
  readonly events: readonly ('insert' | 'update' | 'delete')[];
}

/** Those that put down what a statement deletes and changes. */
export interface Capture extends Triggers {
  readonly id: number;
  readonly isKeyless: boolean;
  readonly keyLength: number;
}

/** Where the keys of the rows are that this transaction has inserted into a table. */
export interface OwnRows {
  readonly table: string;
  /** The numbers of the key's columns. */
  readonly key: string;
  readonly isKeyless: boolean;
}
