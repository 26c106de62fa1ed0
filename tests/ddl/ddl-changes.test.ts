import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import type { Session } from '../../src/database/index.js';
import { diffSql } from '../../src/ddl/index.js';
import type { SchemaModel } from '../../src/schema/index.js';
import { loadParser } from '../../src/sql/index.js';
import { DDL_CHANGES, DDL_CHANGES_SINCE_18 } from '../catalog/ddl-changes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { applyChange, remaining } from './applied.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, '../catalog/schemas/everything.sql'), 'utf8');

describeOnEveryServer('the SQL of one change', ({ major, url }) => {
  let place: TestDatabase;
  let session: Session;
  let before: SchemaModel;

  beforeAll(async () => {
    await loadParser();
    place = await createTestDatabase({ serverUrl: await url() });
    session = await place.database.connect();
    await session.run(EVERYTHING);
    before = await readSchema(session);
  });
  afterAll(async () => {
    await session?.close();
    await place?.drop();
  });

  test('is none where nothing differs', () => {
    expect(diffSql(before, before, { exact: true })).toEqual({ statements: [], gaps: [] });
  });

  const changes = [
    ...DDL_CHANGES.map(([ddl]) => ({ ddl, exact: false })),
    ...DDL_CHANGES_SINCE_18.map(([ddl]) => ({ ddl, exact: true })),
  ].filter(({ exact }) => !exact || major >= 18);

  /** What no statement does, and `diffSql` says so: on the way back, and on the way there. */
  const unreachable: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    'alter table app.cities no inherit app.places': [
      [
        'column app.cities.id: inherited is undefined, not true',
        'column app.cities.name: inherited is undefined, not true',
      ],
      [],
    ],
    "update pg_index set indisvalid = false where indexrelid = 'app.organizations_mood_idx'::regclass": [
      [],
      ['index app.organizations.organizations_mood_idx: invalid is undefined, not true'],
    ],
  };

  /** Secrets are hidden from the reader, and the tests do not see them either. */
  function gapsOf(from: SchemaModel, to: SchemaModel): number {
    return diffSql(from, to, { ignoreColumnOrder: true }).gaps.filter(
      ({ reason }) => !reason.includes('set them by hand'),
    ).length;
  }

  test.each(changes)('leads there and back: $ddl', async ({ ddl, exact }) => {
    await session.run(`begin; set search_path = public; ${ddl}`);
    try {
      const after = await readSchema(session, { insideTransaction: true });
      const back = await applyChange(session, after, before, { exact, insideTransaction: true });
      expect(remaining(back, before, { exact })).toEqual(unreachable[ddl]?.[0] ?? []);
      expect(gapsOf(after, before)).toBe(unreachable[ddl]?.[0].length ? 1 : 0);
      const there = await applyChange(session, back, after, { exact, insideTransaction: true });
      expect(gapsOf(before, after)).toBe(unreachable[ddl]?.[1].length ? 1 : 0);
      expect(remaining(there, after, { exact })).toEqual(unreachable[ddl]?.[1] ?? []);
    } finally {
      await session.run('rollback');
    }
  });
});
