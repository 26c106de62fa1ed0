/** The laws of fingerprints: no order matters, and every cell does. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { captureRows } from '../../../src/prove/fingerprint/capture-rows.js';
import { compareData } from '../../../src/prove/fingerprint/compare-data.js';
import { diffRows } from '../../../src/prove/fingerprint/diff-rows.js';
import { readDataFingerprint } from '../../../src/prove/fingerprint/read-data-fingerprint.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../../src/sql/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';

/** Columns of types whose texts could be mixed up with one another or with null. */
const COLUMNS = { id: 'integer', 'B b': 'text', c: 'jsonb', d: 'numeric', e: 'text[]' } as const;
type Column = keyof typeof COLUMNS;
type Row = Readonly<Record<Column, string | null>>;
const NAMES = Object.keys(COLUMNS) as Column[];

const text = fc.oneof(
  fc.constantFrom('', 'NULL', '"', '(', ',', '{}', '\\', "'"),
  fc.string({ maxLength: 4 }).map((each) => each.replaceAll('\0', '')),
);
const cell = {
  'B b': fc.option(text),
  c: fc.option(fc.constantFrom('{}', '{"a": 1}', '[null]', '"x"')),
  d: fc.option(fc.constantFrom('0', '0.0', '1.50', '-1', 'NaN', '123456789012345678.9')),
  e: fc.option(fc.constantFrom('{}', '{a}', '{NULL}', '{"NULL"}', '{"a,b"}', '{a,b}')),
};
const rows: fc.Arbitrary<Row[]> = fc
  .array(fc.record(cell), { minLength: 1, maxLength: 6 })
  .map((each) => each.map((row, id) => ({ id: String(id), ...row })));

let place: TestDatabase;
let session: Session;
beforeAll(async () => {
  place = await createTestDatabase();
  session = await place.database.connect();
  await session.run('set client_min_messages = error');
});
afterAll(async () => {
  await session.close();
  await place.drop();
});

async function load(columns: readonly Column[], data: readonly Row[], key = true): Promise<void> {
  const definitions = columns.map((name) => `${quoteIdentifier(name)} ${COLUMNS[name]}`);
  const tuples = data.map(
    (row) => `(${columns.map((name) => (row[name] === null ? 'null' : quoteLiteral(row[name]))).join(', ')})`,
  );
  await session.run(`
    drop table if exists t;
    create table t (${definitions.join(', ')}${key ? ', primary key (id)' : ''});
    insert into t values ${tuples.join(', ')}`);
}

const SEED = Number(process.env.PLINTH_SEED ?? 20_261_121);

describe('A fingerprint of data', () => {
  test('knows neither the order of rows nor that of columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.shuffledSubarray(NAMES, { minLength: NAMES.length }),
        fc.boolean(),
        async (data, columns, key) => {
          await load(NAMES, data, key);
          const before = await readDataFingerprint(session, { columns: true });
          const captured = await captureRows(session);
          await load(columns, data.toReversed(), key);
          expect(await readDataFingerprint(session, { columns: true })).toEqual(before);
          expect(diffRows(captured, await captureRows(session))).toMatchObject({
            isEmpty: true,
            cellsCompared: data.length * NAMES.length,
          });
        },
      ),
      { numRuns: 40, seed: SEED },
    );
  });

  test('changes with every cell, and so do captured rows', async () => {
    const changed = fc
      .tuple(rows, fc.nat(), fc.constantFrom('B b' as const, 'c' as const, 'd' as const, 'e' as const))
      .chain(([data, nth, column]) =>
        cell[column].map((value) => ({ data, place: nth % data.length, column, value })),
      );
    await fc.assert(
      fc.asyncProperty(changed, async ({ data, place: row, column, value }) => {
        fc.pre(value !== data[row]![column]);
        await load(NAMES, data);
        const [before, captured] = [
          await readDataFingerprint(session, { columns: true }),
          await captureRows(session),
        ];
        await load(NAMES, data.with(row, { ...data[row]!, [column]: value }));
        const after = await readDataFingerprint(session, { columns: true });
        expect(compareData(before, after)).toMatchObject({
          isSame: false,
          tables: [{ name: 't', columnsChanged: [column] }],
        });
        expect(diffRows(captured, await captureRows(session))).toMatchObject({
          isLossless: false,
          tables: [
            {
              cellsChanged: 1,
              rowsLost: 0,
              example: { kind: 'changed cell', column, row: { id: String(row) } },
            },
          ],
        });
      }),
      { numRuns: 80, seed: SEED },
    );
  });

  test('changes with a row more, a row less, and a row twice', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (data) => {
        await load(NAMES, data, false);
        const [before, captured] = [await readDataFingerprint(session), await captureRows(session)];
        await load(NAMES, [...data, data[0]!], false);
        const twice = await readDataFingerprint(session);
        expect(compareData(before, twice).isSame).toBe(false);
        expect(compareData(twice, before).isSame).toBe(false);
        expect(diffRows(captured, await captureRows(session))).toMatchObject({
          isLossless: true,
          isEmpty: false,
        });
        expect(diffRows(await captureRows(session), captured)).toMatchObject({
          isLossless: false,
          tables: [{ rowsLost: 1 }],
        });
      }),
      { numRuns: 20, seed: SEED },
    );
  });

  test('tells values swapped between rows from values left in place', async () => {
    await session.run(
      "drop table if exists t; create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b')",
    );
    const before = await readDataFingerprint(session, { columns: true });
    await session.run("update t set v = case v when 'a' then 'b' else 'a' end");
    const { tables } = compareData(before, await readDataFingerprint(session, { columns: true }));
    expect(tables).toMatchObject([{ columnsChanged: ['v'] }]);
  });
});

describeOnEveryServer('A fingerprint of data', ({ url }) => {
  test('covers partitions, inheritance, sequences, materialized views and large objects, and leaves settings alone', async () => {
    const other = await createTestDatabase({ serverUrl: await url() });
    const one = await other.database.connect();
    try {
      await one.run(`
        set datestyle = 'SQL, DMY'; set timezone = 'Asia/Tokyo';
        create schema app;
        create table app.parts (id integer, at date) partition by range (at);
        create table app.parts_a partition of app.parts for values from ('2024-01-01') to ('2025-01-01');
        create table app.parts_b partition of app.parts default;
        insert into app.parts values (1, '2024-05-01'), (2, '2030-01-01');
        create table app.mother (id integer);
        create table app.child (extra text) inherits (app.mother);
        insert into app.mother values (1);
        insert into app.child values (2, 'x');
        create sequence app.numbers start 7;
        create materialized view app.sums as select sum(id) as sum from app.parts;
        create materialized view app.empty as select 1 as one with no data;
        create table app.nothing ();
        insert into app.nothing default values;
        create schema plinth;
        create table plinth.ledger (id integer);
        select lo_from_bytea(0, 'large');`);
      const before = await readDataFingerprint(one);
      expect(before.tables.map(({ name, rows: count }) => [name, count])).toEqual([
        ['child', 1],
        ['mother', 1],
        ['nothing', 1],
        ['parts', 2],
      ]);
      expect(before.sequences).toEqual([{ schema: 'app', name: 'numbers', lastValue: '7', isCalled: false }]);
      expect(before.materializedViews.map(({ name }) => name)).toEqual(['sums']);
      expect(before.largeObjects.count).toBe(1);
      expect(before.cells).toBe(1 * 2 + 1 * 1 + 0 + 2 * 2 + 1);
      expect(await one.query('show datestyle')).toEqual([{ DateStyle: 'SQL, DMY' }]);

      await one.run(`
        update app.parts set id = 3 where id = 2;
        delete from app.child;
        select nextval('app.numbers');
        refresh materialized view app.sums;
        select lo_put(oid, 0, 'x') from pg_largeobject_metadata;
        set datestyle = 'ISO'; set timezone = 'UTC'`);
      const after = await readDataFingerprint(one);
      expect(compareData(before, after)).toMatchObject({
        tables: [{ name: 'child', rowsBefore: 1, rowsAfter: 0 }, { name: 'parts' }],
        sequences: [
          { name: 'numbers', before: { isCalled: false }, after: { lastValue: '7', isCalled: true } },
        ],
        materializedViews: [{ name: 'sums' }],
        largeObjectsChanged: true,
        tablesCompared: 4,
      });
      await one.transaction(async () => {
        await one.run(`insert into ${qualifiedName('app', 'mother')} values (9)`);
        const inside = await readDataFingerprint(one, { insideTransaction: true });
        expect(compareData(after, inside).tables).toMatchObject([{ name: 'mother', rowsAfter: 2 }]);
      });
    } finally {
      await one.close();
      await other.drop();
    }
  });
});
