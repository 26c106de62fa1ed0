/**
 * sqlx: one row a version with the SHA-384 of its script; `success` is false while one is under way.
 * Source: launchbadge/sqlx, sqlx-postgres/src/migrate.rs and sqlx-core/src/migrate/migration.rs.
 */
import { createHash } from 'node:crypto';
import type { ForeignTool } from '../foreign-tool.js';

interface Row {
  readonly version: string;
  readonly at: Date;
  readonly success: boolean;
  readonly checksum: string;
  readonly duration_ms: number;
}

export const sqlx: ForeignTool = {
  name: 'sqlx',
  table: '_sqlx_migrations',
  columns: ['version', 'description', 'installed_on', 'success', 'checksum', 'execution_time'],
  exactly: true,
  async read(session, table) {
    const rows = await session.query<Row>(
      `select version::text as version, installed_on as at, success, encode(checksum, 'hex') as checksum,
              greatest(execution_time, 0)::float8 / 1e6 as duration_ms
         from ${table}
        order by version`,
    );
    const failed = rows.find(({ success }) => !success);
    return {
      applied: rows
        .filter(({ success }) => success)
        .map(({ version, at, checksum, duration_ms: durationMs }) => ({
          version,
          appliedAt: at,
          durationMs,
          checksum,
        })),
      ...(failed
        ? {
            unsettled: {
              reason: `version ${failed.version} is recorded as not finished`,
              hint: `Undo by hand what it has left behind, then delete its row from ${table}.`,
            },
          }
        : {}),
    };
  },
  checks: (checksum, script) => createHash('sha384').update(script).digest('hex') === checksum,
};
