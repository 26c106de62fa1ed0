/**
 * sql-migrate: one row a file, by its whole name. It leaves out every line that begins with `-- ` before it
 * sends a script, also inside the body of a function.
 * Source: rubenv/sql-migrate 563a2f0, migrate.go and sqlparse/sqlparse.go.
 */
import type { ForeignTool } from '../foreign-tool.js';

export const sqlMigrate: ForeignTool = {
  name: 'sql-migrate',
  table: 'gorp_migrations',
  columns: ['id', 'applied_at'],
  exactly: true,
  async read(session, table) {
    const rows = await session.query<{ id: string; at: Date | null }>(
      `select id, applied_at::timestamptz as at from ${table} order by applied_at, id`,
    );
    return {
      applied: rows.map(({ id, at }) => ({
        version: id.replace(/\.sql$/, ''),
        ...(at ? { appliedAt: at } : {}),
      })),
    };
  },
  sends: (script) => script.replace(/^-- .*\n/gm, ''),
};
