/** The schema of the goldens, read from a database that its script has made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchema } from '../../../src/catalog/index.js';
import { withSession } from '../../../src/database/index.js';
import type { SchemaModel } from '../../../src/schema/index.js';
import { createTestDatabase } from '../../support/database.js';

export const GOLDENS = join(import.meta.dirname, 'goldens');

/** The model of the database that a script makes. */
export async function modelOf(...scripts: readonly string[]): Promise<SchemaModel> {
  const place = await createTestDatabase();
  try {
    return await withSession(place.database, async (session) => {
      for (const script of scripts) {
        await session.run(script);
      }
      return await readSchema(session);
    });
  } finally {
    await place.drop();
  }
}

export function libraryModel(): Promise<SchemaModel> {
  return modelOf(readFileSync(join(GOLDENS, 'library.sql'), 'utf8'));
}
