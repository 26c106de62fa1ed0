/**
 * goose: a row each time that a version goes up or, in older releases, down; the latest row of a version says
 * where it stands. The row of version 0 only says that the table was made.
 * Source: pressly/goose 520411a, internal/dialects/postgres.go.
 */
import type { ForeignTool } from '../foreign-tool.js';

export const goose: ForeignTool = {
  name: 'goose',
  table: 'goose_db_version',
  columns: ['version_id', 'is_applied'],
  async read(session, table) {
    const rows = await session.query<{ version: string; at: Date; applied: boolean }>(
      `select distinct on (version_id)
              version_id::text as version, tstamp::timestamptz as at, is_applied as applied
         from ${table}
        where version_id > 0
        order by version_id, id desc`,
    );
    return {
      applied: rows
        .filter(({ applied }) => applied)
        .map(({ version, at }) => ({ version, ...(at ? { appliedAt: at } : {}) })),
    };
  },
};
