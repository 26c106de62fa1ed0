/**
 * dbmate: one row a version, and nothing else.
 * Source: amacneil/dbmate f3e08f1, pkg/driver/postgres/postgres.go, `CreateMigrationsTable`.
 */
import type { ForeignEntry, ForeignTool } from '../foreign-tool.js';

export const dbmate: ForeignTool = {
  name: 'dbmate',
  table: 'schema_migrations',
  columns: ['version'],
  exactly: true,
  read: async (session, table) => ({
    applied: await session.query<ForeignEntry>(
      `select version::text as version from ${table} order by version`,
    ),
  }),
};
