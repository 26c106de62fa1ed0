/**
 * Diesel: one row a version, dashes left out.
 * Source: diesel-rs/diesel, diesel_migrations/src/migration_harness.rs.
 */
import type { ForeignTool } from '../foreign-tool.js';

export const diesel: ForeignTool = {
  name: 'Diesel',
  table: '__diesel_schema_migrations',
  columns: ['version', 'run_on'],
  exactly: true,
  async read(session, table) {
    const rows = await session.query<{ version: string; at: Date }>(
      `select version, run_on::timestamptz as at from ${table} order by version`,
    );
    return {
      applied: rows.map(({ version, at }) => ({ version: version.replaceAll('-', ''), appliedAt: at })),
    };
  },
};
