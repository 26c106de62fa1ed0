import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { ForeignTool } from './foreign-tool.js';
import { dbmate } from './tools/dbmate.js';
import { diesel } from './tools/diesel.js';
import { flyway } from './tools/flyway.js';
import { golangMigrate } from './tools/golang-migrate.js';
import { goose } from './tools/goose.js';
import { nodePgMigrate } from './tools/node-pg-migrate.js';
import { prisma } from './tools/prisma.js';
import { sqlMigrate } from './tools/sql-migrate.js';
import { sqlx } from './tools/sqlx.js';

/** Every tool whose record can be read. */
const TOOLS: readonly ForeignTool[] = [
  golangMigrate,
  dbmate,
  flyway,
  goose,
  sqlMigrate,
  nodePgMigrate,
  sqlx,
  diesel,
  prisma,
];

/** A table in which a tool records migrations. */
export interface HistoryTable {
  readonly tool: ForeignTool;
  readonly schema: string;
  readonly name: string;
}

/**
 * Finds the table of the tool that migrated the database.
 * @param wanted the table as `schema.table` or `table`, where it is not the tool's own name for it
 * @throws MIGRATE_HISTORY_NOT_FOUND, MIGRATE_HISTORY_AMBIGUOUS
 */
export async function findHistory(session: Session, wanted: string | undefined): Promise<HistoryTable> {
  const [table = '', schema] = wanted?.split('.').reverse() ?? [];
  const rows = await session.query<TableRow>(FIND_TABLES, [
    wanted === undefined ? TOOLS.map((tool) => tool.table) : [table],
    schema ?? null,
  ]);
  const found = rows.flatMap(({ schema, name, columns }) =>
    TOOLS.filter((tool) => fits(tool, columns) && (wanted !== undefined || tool.table === name)).map(
      (tool) => ({ tool, schema, name }),
    ),
  );
  const [first, second] = found;
  if (!first) {
    throw MIGRATE_ERRORS.HISTORY_NOT_FOUND({
      message: wanted
        ? `Cannot adopt the database: ${wanted} is not a table in which a known tool records migrations`
        : `Cannot adopt the database: it has no table of ${TOOLS.map(({ name }) => name).join(', ')}`,
      details: { table: wanted },
    });
  }
  if (second) {
    const names = found.map(({ tool, schema, name }) => `${qualifiedName(schema, name)} (${tool.name})`);
    throw MIGRATE_ERRORS.HISTORY_AMBIGUOUS({
      message: `Cannot adopt the database: ${names.join(' and ')} record migrations (one was wanted)`,
      details: { tables: names },
    });
  }
  return first;
}

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

const FIND_TABLES = `
  select n.nspname as schema, c.relname as name, array_agg(a.attname::text) as columns
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relname::text = any ($1)
     and c.relkind in ('r', 'p')
     and n.nspname::text = coalesce($2, n.nspname::text)
   group by n.nspname, c.relname
   order by n.nspname, c.relname`;

function fits(tool: ForeignTool, columns: readonly string[]): boolean {
  return (
    tool.columns.every((column) => columns.includes(column)) &&
    (!tool.exactly || columns.length === tool.columns.length)
  );
}
