import type { TableFacts } from './table-facts.js';

/** Triggers that stand on a table. */
export interface Capture {
  readonly id: number;
  readonly table: TableFacts;
  readonly isKeyless: boolean;
  readonly keyLength: number;
}
