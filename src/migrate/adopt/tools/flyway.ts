/**
 * Flyway: a row a migration, its undo a row of its own, with CRC-32 checksums of the lines without their ends.
 * Source: flyway/flyway, flyway-core: internal/resolver/ChecksumCalculator.java, and the database module's
 * `getRawCreateScript`.
 */
import { crc32 } from 'node:zlib';
import type { ForeignEntry, ForeignTool } from '../foreign-tool.js';

interface Row {
  readonly version: string | null;
  readonly type: string;
  readonly script: string;
  readonly checksum: number | null;
  readonly installed_on: Date;
  readonly execution_time: number;
  readonly success: boolean;
}

export const flyway: ForeignTool = {
  name: 'Flyway',
  table: 'flyway_schema_history',
  columns: ['installed_rank', 'version', 'type', 'script', 'checksum', 'success'],
  async read(session, table) {
    const rows = await session.query<Row>(
      `select version, type, script, checksum, installed_on::timestamptz as installed_on, execution_time, success
         from ${table}
        order by installed_rank`,
    );
    const applied = new Map<string, ForeignEntry>();
    for (const row of rows.filter(({ success }) => success)) {
      const entry = entryOf(row);
      if (/^UNDO/.test(row.type) || row.type === 'DELETE') {
        applied.delete(entry.version);
      } else if (row.type !== 'SCHEMA') {
        applied.set(entry.version, entry);
      }
    }
    const failed = rows.find(({ success }) => !success);
    return {
      applied: [...applied.values()],
      ...(failed
        ? {
            unsettled: {
              reason: `${failed.script} is recorded as failed`,
              hint: 'Undo by hand what it has left behind, then run `flyway repair`.',
            },
          }
        : {}),
    };
  },
  checks: (checksum, script) => Number(checksum) === checksumOf(script),
};

function entryOf(row: Row): ForeignEntry {
  const file = row.script.slice(row.script.lastIndexOf('/') + 1);
  return {
    version: row.version ?? file.replace(/\.sql$/, ''),
    appliedAt: row.installed_on,
    durationMs: row.execution_time,
    ...(row.checksum === null ? {} : { checksum: String(row.checksum) }),
    ...(row.type === 'BASELINE' ? { isBaseline: true } : {}),
  };
}

/** Flyway keeps the 32 bits as a signed number. */
function checksumOf(script: string): number {
  return script.split(/\r\n|\r|\n/).reduce((sum, line) => crc32(line, sum), 0) | 0;
}
