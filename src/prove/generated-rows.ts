/** Rows made from the catalogue, behind what the target's own seeds have put there. */
import type { Session } from '../database/index.js';
import { qualifiedName } from '../sql/index.js';
import type { Obstacle } from './data/fill-report.js';
import { fillTables } from './data/fill-tables.js';
import type { Filler, Unfilled } from './filler.js';

export interface GeneratedRowsOptions {
  /** Loads the target's own sample data, where the schema fits it; told false where it does not. */
  readonly seed?: (session: Session) => Promise<boolean>;
}

/** Enough for every branch of a check constraint, and few enough to compare cell by cell. */
const ROWS_PER_TABLE = 6;
const ROWS_WRITTEN = 3;
/**
 * Of the rows that are there one gets values in empty columns, one other values, and one is deleted; half of them stay as
 * they are.
 */
const ROWS_TOUCHED = 3;

export function generatedRows(options: GeneratedRowsOptions = {}): Filler {
  let turn = 1;
  return {
    async fill(session, kind) {
      const tables = await readTables(session);
      const isFirst = tables.every(({ hasRows }) => !hasRows);
      const isSeeded = isFirst && tables.length > 0 && ((await options.seed?.(session)) ?? false);
      const empty = emptyOf(isSeeded ? await readTables(session) : tables);
      if (empty.size === 0) {
        return [];
      }
      turn += 1;
      const { unfilled } = await fillTables(session, {
        seed: turn,
        rowsPerTable: ROWS_PER_TABLE,
        ...kind,
        includes: ({ schema, name }) => empty.has(`${schema}.${name}`),
      });
      return unfilled.map(
        ({ schema, name, obstacle }): Unfilled => ({
          table: `${schema}.${name}`,
          reason: obstacleText(obstacle),
        }),
      );
    },
    async write(session, { schema: model, tables, touched }, kind) {
      if (tables.size === 0) {
        return;
      }
      turn += 1;
      await fillTables(session, {
        seed: turn,
        rowsPerTable: ROWS_WRITTEN,
        model,
        ...kind,
        includes: ({ schema, name }) => tables.has(`${schema}.${name}`),
        touchRows: ({ schema, name }, rows) =>
          touched.has(`${schema}.${name}`) ? Math.min(ROWS_TOUCHED, Math.floor(rows / 2)) : 0,
      });
    },
  };
}

interface TableState {
  readonly schema: string;
  readonly name: string;
  readonly hasRows: boolean;
}

async function readTables(session: Session): Promise<readonly TableState[]> {
  const tables = await session.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
       from pg_class as c
       join pg_namespace as n on n.oid = c.relnamespace
      where not c.relispartition
        and (c.relkind = 'r'
             -- Without a partition there is no row that it could have.
             or c.relkind = 'p' and exists (select from pg_inherits as i where i.inhparent = c.oid))
        and n.nspname not in ('information_schema', 'plinth', 'plinth_kept') and n.nspname !~ '^pg_'
        and not exists (
          select from pg_depend as d
           where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
      order by 1, 2`,
  );
  const answers: boolean[] = [];
  await session.run(
    [
      'set row_security = off',
      ...tables.map(({ schema, name }) => `select exists (select from ${qualifiedName(schema, name)})`),
    ].join(';\n'),
    (index, value) => {
      answers[index - 1] = value === 't';
    },
  );
  return tables.map((table, index) => ({ ...table, hasRows: answers[index] ?? false }));
}

function emptyOf(tables: readonly TableState[]): ReadonlySet<string> {
  return new Set(tables.filter(({ hasRows }) => !hasRows).map(({ schema, name }) => `${schema}.${name}`));
}

function obstacleText({ kind, name, definition, message }: Obstacle): string {
  const named = [kind, name].filter(Boolean).join(' ');
  return [named, definition ?? message].filter(Boolean).join(': ');
}
