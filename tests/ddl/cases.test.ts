/**
 * Each folder of `cases` is a change that a person can read: from.sql, to.sql and what leads from one to the other,
 * with its hazards. A first line `-- renames: schema.table.column=name` in to.sql names renames, and
 * `-- exact` counts what depends on the version.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { diffSql, type Rename, type SchemaChange } from '../../src/ddl/index.js';
import { addressText } from '../../src/schema/index.js';
import { loadParser } from '../../src/sql/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { applyChange, inTransaction, remaining } from './applied.js';

const FOLDER = join(import.meta.dirname, 'cases');
const cases = readdirSync(FOLDER).sort();

describe('a case', () => {
  let place: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    await loadParser();
    place = await createTestDatabase();
    session = await place.database.connect();
  });
  afterAll(async () => {
    await session?.close();
    await place?.drop();
  });

  test.each(cases)('%s says what it does, and does it', async (name) => {
    const folder = join(FOLDER, name);
    const [one, other] = ['from.sql', 'to.sql'].map((file) => {
      const path = join(folder, file);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    }) as [string, string];
    const options = { renames: renamesIn(other), exact: /^-- exact$/m.test(other) };
    const wanted = await inTransaction(session, other, (model) => Promise.resolve(model));
    await inTransaction(session, one, async (before) => {
      const change = diffSql(before, wanted, options);
      await expect(textOf(change)).toMatchFileSnapshot(join(folder, 'expected.sql'));
      const found = await applyChange(session, before, wanted, { ...options, insideTransaction: true });
      expect(remaining(found, wanted, options)).toEqual([]);
    });
  });
});

function renamesIn(sql: string): Rename[] {
  const list = /^-- renames: (.*)$/m.exec(sql)?.[1] ?? '';
  return list
    .split(', ')
    .filter((one) => one !== '')
    .map((one) => {
      const [path, to] = one.split('=') as [string, string];
      return { path: path.split('.'), to };
    });
}

function textOf({ statements, gaps }: SchemaChange): string {
  const lines = statements.map(({ text, hazards }) =>
    [
      ...hazards.map(
        ({ kind, certainty, reason }) => `-- ${kind}${certainty === 'maybe' ? ' (maybe)' : ''}: ${reason}`,
      ),
      `${text};`,
    ].join('\n'),
  );
  return `${[...lines, ...gaps.map(({ about, reason }) => `-- gap: ${addressText(about)}: ${reason}`)].join('\n\n')}\n`;
}
