/** How relations and columns were named when a script began: a rename in it hides them from the opposite script. */
import type { Session } from '../../database/index.js';
import { addedColumns, nodeName } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';
import type { StartNames } from './keep-scope.js';
import type { ColumnFact, TableFacts } from './table-facts.js';

/** Whether the script may rename something, move it to another schema, or add a column to it. */
export function changesNames(statements: readonly ScriptStatement[]): boolean {
  return statements.some(
    ({ outcome }) =>
      outcome.kind === 'unparsed' ||
      RENAMING.has(nodeName(outcome.node)) ||
      addedColumns(outcome.node).length > 0,
  );
}

/** The statements that rename, and those whose code is not looked into. */
const RENAMING: ReadonlySet<string> = new Set([
  'RenameStmt',
  'AlterObjectSchemaStmt',
  'DoStmt',
  'CallStmt',
  'ExecuteStmt',
]);

export const SAME_NAMES: StartNames = {
  atStart: (table) => table,
  nameAtStart: ({ schema, name }) => ({ schema, name }),
  added: () => [],
  addedNumbers: () => [],
  isMade: () => false,
};

export interface NamedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** The names as they are now. */
export async function readNames(session: Session): Promise<ReadonlyMap<number, NamedRelation>> {
  const rows = await session.query<NamedRelation>(`
    select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name,
           coalesce((
             select pg_catalog.json_object_agg(a.attnum, a.attname)
               from pg_catalog.pg_attribute as a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '{}') as columns
      from pg_catalog.pg_class as c
      join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm', 'S')
       and n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept', 'pg_toast')`);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** Gives tables the names that were read. */
export function namesAt(read: ReadonlyMap<number, NamedRelation>): StartNames {
  const added = (table: TableFacts): readonly ColumnFact[] => {
    const was = read.get(table.oid);
    return was === undefined ? [] : table.columns.filter(({ number }) => was.columns[number] === undefined);
  };
  return {
    added: (table) => added(table).map(({ name }) => name),
    addedNumbers: (table) => added(table).map(({ number }) => number),
    isMade: ({ oid }) => !read.has(oid),
    nameAtStart: ({ oid, schema, name }) => {
      const was = read.get(oid);
      return { schema: was?.schema ?? schema, name: was?.name ?? name };
    },
    atStart: (table) => {
      const was = read.get(table.oid);
      return was === undefined
        ? table
        : {
            ...table,
            schema: was.schema,
            name: was.name,
            columns: table.columns.map((column) => ({
              ...column,
              name: was.columns[column.number] ?? column.name,
            })),
          };
    },
  };
}
