import { readdirSync } from 'node:fs';
import { PACKAGE_ROOT, readPackageFile } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** A database with the foundation's migrations of both targets applied. */
export async function foundationDatabase(serverUrl?: string): Promise<TestDatabase> {
  const place = await createTestDatabase(serverUrl === undefined ? {} : { serverUrl });
  await withSession(place.database, async (session) => {
    for (const target of ['operational', 'analytics']) {
      const folder = `db/migrations/${target}`;
      for (const file of readdirSync(`${PACKAGE_ROOT}${folder}`).sort()) {
        if (file.endsWith('.up.sql')) {
          await session.run(readPackageFile(`${folder}/${file}`));
        }
      }
    }
  });
  return place;
}
