import type { Session } from '../../database/index.js';
import type { ForeignKey } from '../../schema/index.js';
import { readKnownRows } from './known-rows.js';
import type { RootKeyOf } from './partition-roots.js';
import type { FillTable } from './rows/fill-table.js';
import type { Row } from './rows/row.js';

/** Values of columns for the rows that a table is going to have: by column, one for each row. */
export type GivenCells = ReadonlyMap<string, readonly string[]>;

/** What is known of the tables' rows while they are filled. */
export class RowsSoFar {
  readonly #tables: readonly FillTable[];
  readonly #rootKeyOf: RootKeyOf;
  /** Rows that are in the table, as far as they are looked at, and rows that are meant to be. */
  readonly #settled = new Map<string, readonly Row[]>();
  readonly #planned = new Map<string, readonly Row[]>();
  readonly #existing = new Map<string, number>();
  readonly #given = new Map<string, GivenCells>();

  constructor(tables: readonly FillTable[], rootKeyOf: RootKeyOf) {
    this.#tables = tables;
    this.#rootKeyOf = rootKeyOf;
  }

  /** Reads the rows that are there before the first is written, of the tables and of those that they refer to. */
  async look(session: Session, fills: readonly FillTable[]): Promise<void> {
    await this.#read(session, fills);
    for (const { key } of this.#tables) {
      this.#existing.set(key, this.there({ key }).length);
    }
  }

  /** Reads them again where rows were refused; what was planned for the tables is given up. */
  async lookAgain(session: Session, fills: readonly FillTable[]): Promise<void> {
    for (const { key } of await this.#read(session, fills)) {
      this.#planned.set(key, []);
    }
    for (const { key } of fills) {
      this.#planned.delete(key);
    }
  }

  async #read(session: Session, fills: readonly FillTable[]): Promise<readonly FillTable[]> {
    const references = fills.flatMap(({ foreignKeys }) => foreignKeys.map((key) => this.rootKey(key)));
    const keys = new Set([...fills.map(({ key }) => key), ...references]);
    const looked = this.#tables.filter(({ key }) => keys.has(key));
    const rows = await readKnownRows(session, looked);
    for (const [index, { key }] of looked.entries()) {
      this.#settled.set(key, rows[index]!);
    }
    return looked;
  }

  /** The key of the table that holds the rows that a foreign key refers to. */
  rootKey({ references }: Pick<ForeignKey, 'references'>): string {
    return this.#rootKeyOf(references.schema, references.table);
  }

  /** The rows that are in the table, as far as they were looked at last. */
  there({ key }: Pick<FillTable, 'key'>): readonly Row[] {
    return this.#settled.get(key) ?? [];
  }

  /** How many there were before the first was written. */
  existing({ key }: FillTable): number {
    return this.#existing.get(key) ?? 0;
  }

  given({ key }: FillTable): GivenCells {
    return this.#given.get(key) ?? new Map();
  }

  give({ key }: FillTable, cells: GivenCells): void {
    this.#given.set(key, cells);
  }

  plan({ key }: FillTable, rows: readonly Row[]): void {
    this.#planned.set(key, rows);
  }

  /** The rows that a foreign key may refer to: those that are there or planned, or at least their keys. */
  referenced(foreignKey: ForeignKey): readonly Row[] {
    const key = this.rootKey(foreignKey);
    const { columns } = foreignKey.references;
    const given = this.#given.get(key);
    const planned = this.#planned.get(key);
    const known = [...this.there({ key }), ...(planned ?? [])];
    if (planned !== undefined || given === undefined || !columns.every((column) => given.has(column))) {
      return known;
    }
    const keys = given
      .get(columns[0]!)!
      .map((_, place) => new Map(columns.map((column) => [column, given.get(column)![place]!])));
    return [...known, ...keys];
  }
}
