/**
 * node-pg-migrate: one row a file, by its name without ending.
 * Source: salsita/node-pg-migrate 55b10c2, src/runner.ts, `ensureMigrationsTable`.
 */
import type { ForeignTool } from '../foreign-tool.js';

export const nodePgMigrate: ForeignTool = {
  name: 'node-pg-migrate',
  table: 'pgmigrations',
  columns: ['id', 'name', 'run_on'],
  exactly: true,
  async read(session, table) {
    const rows = await session.query<{ name: string; at: Date }>(
      `select name, run_on::timestamptz as at from ${table} order by run_on, id`,
    );
    return { applied: rows.map(({ name, at }) => ({ version: name, appliedAt: at })) };
  },
};
