/** How relations and columns were named when a script began: a rename in it hides them from the opposite script. */
import type { Session } from '../../database/index.js';
import { nodeName } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';
import type { StartNames } from './keep-scope.js';

/** Whether the script renames something or moves it to another schema. */
export function renames(statements: readonly ScriptStatement[]): boolean {
  return statements.some(
    ({ outcome }) =>
      outcome.kind === 'parsed' && ['RenameStmt', 'AlterObjectSchemaStmt'].includes(nodeName(outcome.node)),
  );
}

export const SAME_NAMES: StartNames = { atStart: (table) => table, added: () => [] };

interface NamedRelation {
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
  return {
    added: (table) => {
      const was = read.get(table.oid);
      return was === undefined
        ? []
        : table.columns.filter(({ number }) => was.columns[number] === undefined).map(({ name }) => name);
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
