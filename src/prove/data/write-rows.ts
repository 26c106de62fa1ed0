/** The statements that write rows. Each answers with the identities of the rows that it wrote, as JSON. */
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import type { RowIdentity } from './fill-report.js';
import type { FillTable } from './rows/fill-table.js';
import type { Cell, Row } from './rows/row.js';

/** The columns that a row's identity is made of. */
function identityColumns(fill: FillTable): readonly string[] {
  return fill.identity ?? fill.table.columns.map(({ name }) => name);
}

/** Rows of tables that refer to one another, or of one. */
export type InsertedGroup = readonly { readonly fill: FillTable; readonly rows: readonly Row[] }[];

/**
 * The statements that insert the rows: one, since keys are checked at its end; of a table with rules one for each row,
 * since PostgreSQL takes such an insert in no larger statement.
 */
export function insertStatements(planned: InsertedGroup): readonly string[] {
  const [only] = planned;
  return planned.length === 1 && only!.fill.hasRules
    ? only!.rows.map(
        (row) =>
          `${insertInto(only!.fill, [row])} returning json_build_array(json_build_array(${identityArray(only!.fill)}))::text`,
      )
    : [insertSql(planned)];
}

function insertSql(planned: InsertedGroup): string {
  const inserts = planned.map(
    ({ fill, rows }, index) =>
      `i${index} as (${insertInto(fill, rows)} returning ${identityArray(fill)} as cells${computedColumns(fill)})`,
  );
  const answers = planned.map(
    (_, index) =>
      `(select coalesce(json_agg(cells), '[]') from (select * from i${index} offset 0) as i${index})`,
  );
  return `with ${inserts.join(',\n')} select json_build_array(${answers.join(', ')})::text`;
}

/** The answers of statements about the same tables, as one: the cells of the rows' identities, by table. */
export function mergedAnswers(answers: readonly (string | undefined)[]): readonly (readonly Cell[])[][] {
  const lists = answers.map((answer) => JSON.parse(answer ?? '[]') as readonly (readonly Cell[])[][]);
  const tables = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: tables }, (_, place) => lists.flatMap((list) => list[place] ?? []));
}

function insertInto(fill: FillTable, rows: readonly Row[]): string {
  const { table, columns } = fill;
  const named = columns.filter(({ name }) => rows.some((row) => row.has(name)));
  const overriding = named.some(({ identity }) => identity) ? ' overriding system value' : '';
  const tuples = rows.map((row) => `(${named.map(({ name }) => cellSql(row.get(name))).join(', ')})`);
  const conflict = fill.hasDeferrableKeys || fill.hasRules ? '' : ' on conflict do nothing';
  const target = `insert into ${qualifiedName(table.schema, table.name)} as t`;
  return named.length === 0
    ? `${target} default values${conflict}`
    : `${target} (${named.map(({ name }) => quoteIdentifier(name)).join(', ')})${overriding} values ${tuples.join(', ')}${conflict}`;
}

/** Columns that are computed when they are read, so that a row that cannot be read is refused at once. */
function computedColumns({ generated }: FillTable): string {
  const virtual = generated.filter(({ generated }) => generated?.storage === 'virtual');
  return virtual.map(({ name }, place) => `, t.${quoteIdentifier(name)}::text as computed${place}`).join('');
}

/** Absent cells take the column's default. */
export function cellSql(cell: string | null | undefined): string {
  return cell === undefined ? 'default' : cell === null ? 'null' : quoteLiteral(cell);
}

/** The identity of the row `t` as an array of texts. */
export function identityArray(fill: FillTable): string {
  return `array[${identityColumns(fill)
    .map((name) => `t.${quoteIdentifier(name)}::text`)
    .join(', ')}]::text[]`;
}

/** The identities in the answer of a statement. */
export function identitiesOf(fill: FillTable, cells: readonly (readonly (string | null)[])[]): RowIdentity[] {
  const columns = identityColumns(fill);
  return cells.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null])));
}
