/** Rows made from the catalogue, behind what the target's own seeds have put there. */
import type { Session } from '../database/index.js';
import { qualifiedName, quoteIdentifier } from '../sql/index.js';
import type { Obstacle } from './data/fill-report.js';
import { fillTables } from './data/fill-tables.js';
import type { Filler, Unfilled, WrittenPlaces } from './filler.js';

export interface GeneratedRowsOptions {
  /** Loads the target's own sample data, where the schema fits it; told false where it does not. */
  readonly seed?: (session: Session) => Promise<boolean>;
}

/** Enough for every branch of a check constraint, and few enough to compare cell by cell. */
const ROWS_PER_TABLE = 6;
const ROWS_WRITTEN = 2;

export function generatedRows(options: GeneratedRowsOptions = {}): Filler {
  let turn = 1;
  return {
    async fill(session) {
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
        includes: ({ schema, name }) => empty.has(`${schema}.${name}`),
      });
      return unfilled.map(
        ({ schema, name, obstacle }): Unfilled => ({
          table: `${schema}.${name}`,
          reason: obstacleText(obstacle),
        }),
      );
    },
    async write(session, { tables, newColumns }) {
      const wanted = new Set(tables);
      if (wanted.size === 0) {
        return;
      }
      turn += 1;
      await fillTables(session, {
        seed: turn,
        rowsPerTable: ROWS_WRITTEN,
        includes: ({ schema, name }) => wanted.has(`${schema}.${name}`),
      });
      await fillNewColumns(session, newColumns);
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

/** One row of before gets a value in each new column: that of a row that was just written. */
async function fillNewColumns(session: Session, columns: WrittenPlaces['newColumns']): Promise<void> {
  for (const { schema, table, column } of columns) {
    const name = qualifiedName(schema, table);
    const quoted = quoteIdentifier(column);
    const sql = `
      update ${name} as t
         set ${quoted} = (select s.${quoted} from ${name} as s where s.${quoted} is not null limit 1)
       where t.ctid = (select e.ctid from ${name} as e where e.${quoted} is null limit 1)
         and exists (select from ${name} as s where s.${quoted} is not null)`;
    // Where a constraint or a trigger says no, the column stays empty in that row.
    await session.run(sql).catch(() => {});
  }
}

function obstacleText({ kind, name, definition, message }: Obstacle): string {
  const named = [kind, name].filter(Boolean).join(' ');
  return [named, definition ?? message].filter(Boolean).join(': ');
}
