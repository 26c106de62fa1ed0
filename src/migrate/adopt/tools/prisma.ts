/**
 * Prisma: a row each time that a migration is tried, with the SHA-256 of its script, which it also accepts with
 * the other kind of line ends. A row neither finished nor rolled back has failed or is under way.
 * Source: prisma/prisma-engines, schema-engine: sql-schema-connector/src/sql_migration_persistence.rs and
 * schema-connector/src/checksum.rs.
 */
import { sha256 } from '../../../core/index.js';
import type { ForeignTool } from '../foreign-tool.js';

interface Row {
  readonly name: string;
  readonly checksum: string;
  readonly started: Date;
  readonly finished: Date | null;
  readonly rolled_back: boolean;
}

export const prisma: ForeignTool = {
  name: 'Prisma',
  table: '_prisma_migrations',
  columns: ['migration_name', 'checksum', 'started_at', 'finished_at', 'rolled_back_at'],
  async read(session, table) {
    const rows = await session.query<Row>(
      `select migration_name as name, checksum, started_at as started, finished_at as finished,
              rolled_back_at is not null as rolled_back
         from ${table}
        order by started_at, migration_name`,
    );
    const stands = rows.filter((row) => !row.rolled_back);
    const failed = stands.find(({ finished }) => finished === null);
    return {
      applied: stands.flatMap(({ name, checksum, started, finished }) =>
        finished
          ? [
              {
                version: name,
                checksum,
                appliedAt: finished,
                durationMs: finished.getTime() - started.getTime(),
              },
            ]
          : [],
      ),
      ...(failed
        ? {
            unsettled: {
              reason: `${failed.name} has started and not finished`,
              hint: `Finish or undo it by hand, then \`prisma migrate resolve --applied ${failed.name}\` or \`--rolled-back ${failed.name}\`.`,
            },
          }
        : {}),
    };
  },
  checks: (checksum, script) => {
    const unix = script.replaceAll('\r\n', '\n');
    return [script, unix, unix.replaceAll('\n', '\r\n')].map(sha256).includes(checksum);
  },
};
