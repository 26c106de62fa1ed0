/** The model of the shop that the documents and types are tried on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import type { SchemaModel } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** A database with the shop in it, on the run's PostgreSQL 18 or the server of that URL. */
export async function shopDatabase(serverUrl?: string): Promise<TestDatabase> {
  const place = await createTestDatabase(serverUrl === undefined ? {} : { serverUrl });
  const script = readFileSync(join(import.meta.dirname, 'schemas/shop.sql'), 'utf8');
  await withSession(place.database, (session) => session.run(script));
  return place;
}

/** The model of a database, partitions not folded. */
export function modelOf({ database }: TestDatabase): Promise<SchemaModel> {
  return withSession(database, (session) => readSchema(session));
}

/** Compares with `goldens/<name>`; `vitest -u` writes it. */
export async function expectGolden(text: string | undefined, name: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', name));
}
