import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diff, fingerprint, readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { formatModel, parseModel, type SchemaModel } from '../../src/schema/index.js';
import { createTestDatabase, serverUrl, type TestDatabase } from '../support/database.js';
import { dumpSchema, noPrograms, runScript } from '../support/postgres-programs.js';
import { MAJORS, testServer } from '../support/servers.js';
import { PUBLIC_SCHEMAS, scriptOf } from './public-schemas.js';

const majors = MAJORS.filter((major) => testServer(major).missing === undefined);

for (const schema of PUBLIC_SCHEMAS) {
  const script = scriptOf(schema);
  const reason = noPrograms ?? ('missing' in script ? script.missing : undefined);
  const title = reason === undefined ? schema.name : `${schema.name} (skipped: ${reason})`;

  describe.skipIf(reason !== undefined)(title, { timeout: 120_000 }, () => {
    const databases = new Map<number, TestDatabase>();
    const models = new Map<number, SchemaModel>();

    beforeAll(async () => {
      for (const major of majors.filter((major) => major >= (schema.since ?? 0))) {
        const place = await createTestDatabase({ serverUrl: await serverUrl(major) });
        databases.set(major, place);
        await runScript(place.url, 'text' in script ? script.text : '');
        models.set(major, await withSession(place.database, (session) => readSchema(session)));
      }
    }, 300_000);
    afterAll(async () => {
      for (const place of databases.values()) {
        await place.drop();
      }
    });

    test('is read whole, twice the same, and as JSON of the published form', async () => {
      for (const [major, model] of models) {
        expect(model.tables).toHaveLength(schema.tables);
        const { database } = databases.get(major)!;
        expect(await withSession(database, (session) => readSchema(session))).toEqual(model);
        expect(parseModel(formatModel(model), 'model.json')).toEqual(model);
      }
    });

    test('is the same on every version', () => {
      const fingerprints = [...models.values()].map((model) => fingerprint(model));
      expect(new Set(fingerprints).size).toBe(1);
    });

    test.skipIf(schema.since !== undefined)(
      'is the same when pg_dump has dumped it and psql restored it',
      async () => {
        const restored = await createTestDatabase({ serverUrl: await serverUrl(15) });
        await runScript(restored.url, await dumpSchema(databases.get(15)!.url));
        const model = await withSession(restored.database, (session) => readSchema(session));
        expect(diff(models.get(15)!, model, { exact: true })).toMatchObject({ isEmpty: true });
        expect(fingerprint(model, { exact: true })).toBe(fingerprint(models.get(15)!, { exact: true }));
        await restored.drop();
      },
    );
  });
}
