/**
 * golang-migrate: one row with the newest version and whether it is dirty. What was applied before it is not
 * recorded: every file up to that version counts.
 * Source: golang-migrate/migrate, database/postgres/postgres.go, `ensureVersionTable` and `SetVersion`.
 */
import { compareVersions, findVersion } from '../../version.js';
import { type ForeignTool, versionedOf } from '../foreign-tool.js';

export const golangMigrate: ForeignTool = {
  name: 'golang-migrate',
  table: 'schema_migrations',
  columns: ['version', 'dirty'],
  async read(session, table, folder) {
    const [row] = await session.query<{ version: string; dirty: boolean }>(
      `select version::text as version, dirty from ${table}`,
    );
    if (!row) {
      return { applied: [] };
    }
    const versions = versionedOf(folder).map(({ version }) => version);
    const newest = findVersion(versions, row.version) ?? row.version;
    const covered = versions.filter((version) => compareVersions(version, newest) <= 0);
    const all = covered.includes(newest) ? covered : [...covered, newest];
    return {
      applied: all.map((version) => ({ version })),
      ...(row.dirty
        ? {
            unsettled: {
              reason: `version ${row.version} is marked dirty: it stopped somewhere in the middle`,
              hint: `Finish or undo version ${row.version} by hand, then \`migrate force ${row.version}\`, or the version before it.`,
            },
          }
        : {}),
    };
  },
};
