/** Databases with the foundation's operational schema, and what stands in them. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { inject } from 'vitest';
import { PACKAGE_ROOT, readPackageFile } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { CATALOGUE_TABLES, ORGANIZATION_TABLES } from '../../src/seed/tables.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const MIGRATIONS = 'db/migrations/operational';

/** An empty database with the operational schema, on the run's PostgreSQL 18 or the server of that URL. */
export async function platformDatabase(serverUrl = inject('serverUrl')): Promise<TestDatabase> {
  const made = await createTestDatabase({ serverUrl });
  await withSession(made.database, async (session) => {
    for (const file of readdirSync(`${PACKAGE_ROOT}${MIGRATIONS}`).sort()) {
      if (file.endsWith('.up.sql')) {
        await session.run(readPackageFile(`${MIGRATIONS}/${file}`));
      }
    }
  });
  return made;
}

/** The seeded tables, each after those that it refers to. */
export const SEEDED_TABLES = [...CATALOGUE_TABLES, ...ORGANIZATION_TABLES];

/** How many rows each table has. */
export async function rowCounts(session: Session): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of SEEDED_TABLES) {
    const [row] = await session.query<{ rows: bigint }>(`select count(*) as rows from ${name}`);
    counts[name] = Number(row!.rows);
  }
  return counts;
}

/** SHA-256 over the seeded columns of all rows, in the order of their keys. */
export async function contentSum(session: Session): Promise<string> {
  return await sumOf(session, (columns) => columns.join(', '));
}

/** SHA-256 over all columns and over where and by which transaction each row was written. */
export async function rowVersionSum(session: Session, tables = SEEDED_TABLES): Promise<string> {
  return await sumOf(session, () => 'ctid, xmin, *', tables);
}

async function sumOf(
  session: Session,
  select: (columns: readonly string[]) => string,
  tables = SEEDED_TABLES,
): Promise<string> {
  await session.run("set time zone 'UTC'");
  const hash = createHash('sha256');
  for (const { name, columns, keyColumns } of tables) {
    const keys = columns.slice(0, keyColumns).join(', ');
    const rows = session.copyOut(`copy (select ${select(columns)} from ${name} order by ${keys}) to stdout`);
    hash.update(`${name}\n`);
    for await (const chunk of rows) {
      hash.update(chunk as Uint8Array);
    }
  }
  return hash.digest('hex');
}
