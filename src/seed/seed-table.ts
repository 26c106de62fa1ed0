import type { SeededOrganization } from './organization.js';

/** One seeded table whose rows belong to organizations. */
export interface SeedTable {
  /** With its schema, as SQL writes it. */
  readonly name: string;
  /** The columns that are given, those of the primary key first. */
  readonly columns: readonly string[];
  /** How many columns the primary key has, each a uuid; the first holds an id in the order of organizations. */
  readonly keyColumns: 1 | 2;
  /** The rows of one organization as lines of COPY, in the order of the primary key. */
  readonly lines: (organization: SeededOrganization) => string[];
}

/** The lines of the rows 0, 1, … `count` - 1. */
export function linesOf(count: number, line: (ordinal: number) => string): string[] {
  const lines: string[] = [];
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    lines.push(line(ordinal));
  }
  return lines;
}

const UUID_LENGTH = 36;

/** The primary key of a line: its first fields, as they stand in it. */
export function keyOf(table: Pick<SeedTable, 'keyColumns'>, line: string): string {
  return line.slice(0, table.keyColumns * (UUID_LENGTH + 1) - 1);
}
