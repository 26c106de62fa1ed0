/**
 * How kept data lies in its table, and the SQL by which its rows find theirs again.
 *
 * A kept table has the columns `k1, k2 …` (the key of the row), `o1, o2 …` (old values) and, where the row stays in
 * its table, `n1, n2 …` (what the statement made of them). Rows of a table without a key are found by a digest of
 * all columns that are in the key, and a number among equals: rows alike in all else are interchangeable.
 * Values of types that a statement could drop lie there as text.
 */
import type { DataClass } from '../../config/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { ColumnFact, TableFacts } from './table-facts.js';

export interface KeptColumn {
  /** Its number in the table, by which it is known under another name. */
  readonly number: number;
  /** As named when the script began. */
  readonly name: string;
  /** As named when the script had ended, where that is another name. */
  readonly after?: string;
  /** As `format_type` wrote it. */
  readonly type: string;
  readonly isBuiltIn: boolean;
  readonly hasCollation: boolean;
  /** How its values must be handled, where the project says so. */
  readonly class?: DataClass;
  /** The column of the kept table that holds the old value. */
  readonly kept: string;
  /** The one that holds what the script made of it. */
  readonly fresh?: string;
}

export interface Layout {
  readonly key: readonly KeptColumn[];
  /** The key is the digest in `k1` of the columns in `key`, and the number in `kn`. */
  readonly isKeyless: boolean;
  /** Without a key: `was` has the digests of changed rows as they were before. */
  readonly hasWas?: true;
  readonly columns: readonly KeptColumn[];
  /**
   * All values are there, and not only those that the script has changed: of whole rows, which may have to be put in
   * again, or of some columns.
   */
  readonly isFull?: 'rows' | 'values';
  /** The relation as named when the script had ended, where that is another name. */
  readonly after?: { readonly schema: string; readonly name: string };
  /** The meaning of the opposite script as it was then: one that was edited since knows better what it puts there. */
  readonly opposite?: string;
  /** The tables that it was a partition of. */
  readonly parents?: readonly { readonly schema: string; readonly name: string }[];
  /** Where a sequence stood. */
  readonly sequence?: SequencePosition;
}

export interface SequencePosition {
  readonly value: string;
  readonly isCalled: boolean;
  /** The column that it belonged to. */
  readonly owner?: { readonly schema: string; readonly name: string; readonly column: string };
}

export const KEPT_SCHEMA = 'plinth_kept';

/** The qualified name of a table of kept data. */
export function keptTable(name: string): string {
  return qualifiedName(KEPT_SCHEMA, name);
}

/** The name of the table that holds the data kept under `id`. */
export function keptTableName(id: number | bigint): string {
  return `k${id}`;
}

/** The columns by which a row of the table is found again, when those numbered `lost` cannot be used. */
export function keyOf(
  table: TableFacts,
  lost: ReadonlySet<number>,
): { readonly columns: readonly ColumnFact[]; readonly isKeyless: boolean } {
  const byNumber = new Map(table.columns.map((column) => [column.number, column]));
  const key = table.keys.find((numbers) => numbers.every((number) => !lost.has(number)));
  return key
    ? { columns: key.map((number) => byNumber.get(number)!), isKeyless: false }
    : {
        // By their names: a column that goes and comes back has another place.
        columns: table.columns
          .filter(({ number, isGenerated }) => !lost.has(number) && !isGenerated)
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
        isKeyless: true,
      };
}

export function keptColumn(column: ColumnFact, kept: string, fresh?: string): KeptColumn {
  const { number, name, type, isBuiltIn, hasCollation } = column;
  return { number, name, type, isBuiltIn, hasCollation, kept, ...(fresh ? { fresh } : {}) };
}

/** `alias.column`, quoted. */
export function columnOf(alias: string, name: string): string {
  return `${alias}.${quoteIdentifier(name)}`;
}

/** A value as it is stored: as text where a statement could drop its type. */
export function storedValue(
  alias: string,
  { name, isBuiltIn }: Pick<ColumnFact, 'name' | 'isBuiltIn'>,
): string {
  return isBuiltIn
    ? columnOf(alias, name)
    : `${columnOf(alias, name)}::pg_catalog.text collate pg_catalog."default"`;
}

/** The digest of some columns of a row: equal for rows that are alike in them, nulls included. */
export function digestOf(alias: string, names: readonly string[]): string {
  return digestOfTexts(names.map((name) => `${columnOf(alias, name)}::pg_catalog.text`));
}

function digestOfTexts(values: readonly string[]): string {
  return `pg_catalog.sha256(pg_catalog.textsend(row(${values.join(', ')})::pg_catalog.text))`;
}

/** Values as one text: equal where each of them is written alike, nulls included. */
export function textOfRow(values: readonly string[]): string {
  return `row(${values.map((value) => `${value}::pg_catalog.text`).join(', ')})::pg_catalog.text`;
}

/** `only`, but for a partitioned table, whose rows are all in its partitions. */
export function only(table: Pick<TableFacts, 'kind'>): string {
  return table.kind === 'p' ? '' : 'only ';
}

export function nameOf(table: Pick<TableFacts, 'schema' | 'name'>): string {
  return qualifiedName(table.schema, table.name);
}

/** The expressions for `k1 …` over rows of the table called `alias`, with their names. */
export function keyExpressions(alias: string, columns: readonly ColumnFact[], isKeyless: boolean): string[] {
  if (!isKeyless) {
    return columns.map((column, index) => `${storedValue(alias, column)} as k${index + 1}`);
  }
  const digest = digestOf(
    alias,
    columns.map(({ name }) => name),
  );
  return [
    `${digest} as k1`,
    `pg_catalog.row_number() over (partition by ${digest} ${orderBy(alias, [])}) as kn`,
  ];
}

/** What stands before the data in a table of rows: whether each is gone, and what the opposite script found. */
export const ROW_HEAD = 'null::bigint as present, null::boolean[] as marks, false as placed';

/** The key of a layout whose kept columns are `k1 …`. */
export function layoutKey(columns: readonly ColumnFact[]): KeptColumn[] {
  return columns.map((column, index) => keptColumn(column, `k${index + 1}`));
}

/**
 * What to join with: the table under the alias `t`, with the columns that `onKey` compares. Rows of a keyless table
 * are numbered among equals, in the order of the columns `order`.
 */
export function keyedTable(
  table: TableFacts,
  layout: Pick<Layout, 'key' | 'isKeyless'>,
  nameNow: (column: KeptColumn) => string,
  order: readonly string[] = [],
): string {
  const from = `${only(table)}${nameOf(table)}`;
  if (!layout.isKeyless) {
    return `${from} as t`;
  }
  const digest = digestOfTexts(layout.key.map((column) => textAsKept(table, column, nameNow(column))));
  return `(select s.*, s.ctid as plinth_ctid, s.tableoid as plinth_table, ${digest} as plinth_k1,
                  pg_catalog.row_number() over (partition by ${digest} ${orderBy('s', order)}) as plinth_kn
             from ${from} as s) as t`;
}

/** An order of rows by the texts of columns, or by where they lie on disk, which most statements keep. */
export function orderBy(alias: string, names: readonly string[]): string {
  const values = names.map((name) => `${columnOf(alias, name)}::pg_catalog.text collate pg_catalog."C"`);
  return `order by ${[...values, `${alias}.tableoid`, `${alias}.ctid`].join(', ')}`;
}

/** The text of a column's value as of the type that it had when it was kept, where a cast between the two cannot fail. */
function textAsKept({ columns }: TableFacts, { type }: KeptColumn, name: string): string {
  const value = columnOf('s', name);
  const now = columns.find((column) => column.name === name)?.type ?? type;
  const scale = EXACT.exec(type)?.[1] ?? (INTEGERS.test(type) ? '0' : undefined);
  if (now === type) {
    return `${value}::pg_catalog.text`;
  }
  if (scale !== undefined && (EXACT.test(now) || INTEGERS.test(now))) {
    return `pg_catalog.round(${value}::pg_catalog.numeric, ${scale})::pg_catalog.text`;
  }
  const isCast = (DATES.test(now) && DATES.test(type)) || isTruth(now, type);
  return `${value}${isCast ? `::${type}` : ''}::pg_catalog.text`;
}

/** The condition under which row `t` of the table is row `k` of the kept table. */
export function onKey(
  table: TableFacts,
  layout: Pick<Layout, 'key' | 'isKeyless'>,
  nameNow: (column: KeptColumn) => string,
): string {
  if (layout.isKeyless) {
    return 't.plinth_k1 = k.k1 and t.plinth_kn = k.kn';
  }
  return layout.key
    .map((column) => {
      const now = table.columns.find(({ name }) => name === nameNow(column));
      const [left, right] = [columnOf('t', nameNow(column)), `k.${quoteIdentifier(column.kept)}`];
      const isSame = now?.type === column.type && now.isBuiltIn && column.isBuiltIn;
      if (isSame && !now.hasCollation) {
        return `${left} = ${right}`;
      }
      if (now && NUMBERS.test(now.type) && NUMBERS.test(column.type)) {
        return `${left}::pg_catalog.numeric = ${right}::pg_catalog.numeric`;
      }
      return `${left}::pg_catalog.text collate pg_catalog."C" = ${right}::pg_catalog.text collate pg_catalog."C"`;
    })
    .join(' and ');
}

/** True in SQL when a statement has left the value as it was: of another type, when it is written alike. */
export function isUnchanged(alias: string, now: ColumnFact, column: KeptColumn, stored: string): string {
  // A cast back from a float gives fewer digits than its text has.
  if (FLOATS.test(now.type) !== FLOATS.test(column.type)) {
    return 'false';
  }
  return now.type === column.type
    ? isStored(alias, now, column, stored)
    : `${columnOf(alias, now.name)}::pg_catalog.text is not distinct from ${stored}::pg_catalog.text`;
}

/** True in SQL when the value of a table's column is, bit for bit where the types are one, a value that is stored. */
export function isStored(alias: string, now: ColumnFact, column: KeptColumn, stored: string): string {
  const value = columnOf(alias, now.name);
  if (now.type === column.type && now.isBuiltIn && column.isBuiltIn) {
    return `pg_catalog.record_image_eq(row(${value}), row(${stored}))`;
  }
  if (now.type !== column.type && DATES.test(now.type) && DATES.test(column.type)) {
    // A date is the same as a time of day of it only if it is that there and back.
    const there = restoredValue(now, column, stored);
    return `(${value} is not distinct from ${there} and ${there}::pg_catalog.text::${column.type} is not distinct from ${stored})`;
  }
  const common = NUMBERS.test(now.type) && NUMBERS.test(column.type) ? 'numeric' : 'text';
  return `${value}::pg_catalog.${common} is not distinct from ${stored}::pg_catalog.${common}`;
}

/** A stored value as a value of the column. */
export function restoredValue(now: ColumnFact, column: KeptColumn, stored: string): string {
  if (now.type === column.type && column.isBuiltIn) {
    return stored;
  }
  // Text would not do between numbers, of which `2.00` is no integer, nor between those and truth values.
  const isCast =
    (NUMBERS.test(now.type) && NUMBERS.test(column.type)) ||
    (column.isBuiltIn && isTruth(now.type, column.type));
  return isCast ? `${stored}::${now.type}` : `${stored}::pg_catalog.text::${now.type}`;
}

/** Whether the types are `integer` and `boolean`, which have a cast to each other that their texts have not. */
function isTruth(now: string, then: string): boolean {
  return [now, then].toSorted().join(' ') === 'boolean integer';
}

const FLOATS = /^(real|double precision)$/;

const INTEGERS = /^(smallint|integer|bigint)$/;

const EXACT = /^numeric\(\d+,(\d+)\)$/;

const DATES = /^(date|timestamp(\(\d\))? with(out)? time zone)$/;

const NUMBERS = /^(smallint|integer|bigint|numeric(\(.*\))?|real|double precision)$/;
