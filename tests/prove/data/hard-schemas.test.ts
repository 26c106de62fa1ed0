/** Every feature of PostgreSQL's tables that makes rows hard to find: each schema is filled, twice. */
import { afterAll, describe, expect, test } from 'vitest';
import { type Database, withSession } from '../../../src/database/index.js';
import type { FillReport, RowIdentity } from '../../../src/prove/data/fill-report.js';
import { fillTables } from '../../../src/prove/data/fill-tables.js';
import { type CapturedTable, captureRows } from '../../../src/prove/fingerprint/capture-rows.js';
import { diffRows } from '../../../src/prove/fingerprint/diff-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { HARD_SCHEMAS } from './cases.js';

test('there are schemas', () => {
  expect(HARD_SCHEMAS.length).toBeGreaterThan(25);
});

describeOnEveryServer('Tables are filled', ({ major, url }) => {
  const made: TestDatabase[] = [];
  const create = async (sql: string): Promise<Database> => {
    const place = await createTestDatabase({ serverUrl: await url() });
    made.push(place);
    await withSession(place.database, (session) => session.run(sql));
    return place.database;
  };
  afterAll(async () => {
    await Promise.all(made.map((place) => place.drop()));
  });

  describe.each(HARD_SCHEMAS.filter(({ since }) => since <= major))('$name', ({ sql, unfilled }) => {
    test('all but those named, and again with changes', async () => {
      const database = await create(sql);
      await withSession(database, async (session) => {
        const first = await fillTables(session);
        expect(first.unfilled.map(shortly).sort()).toEqual([...unfilled].sort());
        const before = await captureRows(session);
        expectRows(first, before.tables);
        const second = await fillTables(session, { seed: 2, touchRows: () => 12 });
        expect(second.unfilled.map(shortly).sort()).toEqual([...unfilled].sort());
        const after = await captureRows(session);
        expectChanges(second, diffRows(before, after), before.tables);
      });
    });
  });
});

function shortly({ schema, name, obstacle }: FillReport['unfilled'][number]): string {
  return [`${schema}.${name}`, obstacle.kind, obstacle.name].filter(Boolean).join(' ');
}

/** The rows that the report tells of are there. */
function expectRows({ tables }: FillReport, captured: readonly CapturedTable[]): void {
  for (const { schema, name, inserted } of tables) {
    const table = captured.find((each) => each.schema === schema && each.name === name)!;
    expect(table.rows.length, name).toBeGreaterThanOrEqual(inserted.length);
    for (const row of inserted) {
      expect(identities(table), name).toContainEqual(partOf(table, row));
    }
  }
}

function identities({ columns, key, rows }: CapturedTable): unknown[] {
  return rows.map((row) =>
    Object.fromEntries((key ?? columns).map((column) => [column, row[columns.indexOf(column)]])),
  );
}

function partOf({ columns, key }: CapturedTable, row: RowIdentity): RowIdentity {
  return Object.fromEntries((key ?? columns).map((column) => [column, row[column]!]));
}

/** Nothing is lost or changed but what the report tells of. */
function expectChanges(
  report: FillReport,
  diff: ReturnType<typeof diffRows>,
  before: readonly CapturedTable[],
): void {
  for (const { schema, name, rowsLost, cellsChanged } of diff.tables) {
    const told = report.tables.find((each) => each.schema === schema && each.name === name)!;
    const { key } = before.find((each) => each.schema === schema && each.name === name)!;
    // Without a key a changed row is one lost and one added.
    const lost = told.deleted.length + (key === undefined ? told.updated.length : 0);
    expect({
      name,
      rowsLost: rowsLost <= lost,
      changed: cellsChanged === 0 || told.updated.length > 0,
    }).toEqual({
      name,
      rowsLost: true,
      changed: true,
    });
  }
}
