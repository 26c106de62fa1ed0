import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diff, fingerprint, readSchema, type SchemaDiff } from '../../src/catalog/index.js';
import type { Session } from '../../src/database/index.js';
import { addressText, type SchemaModel } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { DDL_CHANGES, DDL_CHANGES_SINCE_18 } from './ddl-changes.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, 'schemas/everything.sql'), 'utf8');

/** A diff in one line a change, as in ddl-changes.ts. */
function linesOf({ added, removed, changed, reordered }: SchemaDiff): string[] {
  return [
    ...added.map(({ address }) => `+ ${addressText(address)}`),
    ...removed.map(({ address }) => `- ${addressText(address)}`),
    ...changed.map(
      ({ address, properties }) =>
        `~ ${addressText(address)}: ${properties.map(({ property }) => property).join(', ')}`,
    ),
    ...reordered.map(({ address, moved }) => `↔ ${addressText(address)}: ${moved.join(', ')}`),
  ];
}

function mirrored(lines: readonly string[]): string[] {
  const signs: Readonly<Record<string, string>> = { '+': '-', '-': '+' };
  return lines.map((line) => `${signs[line[0]!] ?? line[0]}${line.slice(1)}`);
}

describeOnEveryServer('one change of DDL', ({ major, url }) => {
  let place: TestDatabase;
  let session: Session;
  let before: SchemaModel;

  beforeAll(async () => {
    place = await createTestDatabase({ serverUrl: await url() });
    session = await place.database.connect();
    await session.run(EVERYTHING);
    before = await readSchema(session);
  });
  afterAll(async () => {
    await session?.close();
    await place?.drop();
  });

  const changes = [
    ...DDL_CHANGES.map(([ddl, expected]) => ({ ddl, expected, exact: false })),
    ...DDL_CHANGES_SINCE_18.map(([ddl, expected]) => ({ ddl, expected, exact: true })),
  ].filter(({ exact }) => !exact || major >= 18);
  test.each(changes)('is seen, named, and nothing else is: $ddl', async ({ ddl, expected, exact }) => {
    await session.run(`begin; ${ddl}`);
    const after = await readSchema(session, { insideTransaction: true });
    await session.run('rollback');
    expect(linesOf(diff(before, after, { exact }))).toEqual(expected);
    expect(linesOf(diff(after, before, { exact })).sort()).toEqual(mirrored(expected).sort());
    expect(fingerprint(after, { exact })).not.toBe(fingerprint(before, { exact }));
  });

  test('that is taken back leaves nothing to see', async () => {
    expect(diff(before, await readSchema(session), { exact: true })).toEqual({
      isEmpty: true,
      added: [],
      removed: [],
      changed: [],
      reordered: [],
    });
  });
});
