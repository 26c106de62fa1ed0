import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import {
  bodyOf,
  formatTypeName,
  loadParser,
  parseStatement,
  typeChangeIsLossless,
  typeChangeRewrites,
} from '../../src/sql/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Types with values at the edges of what they hold. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  smallint: ['-32768', '0', '32767'],
  integer: ['-2147483648', '7', '2147483647'],
  bigint: ['-9223372036854775808', '9007199254740993'],
  numeric: ['0.1', '12345678901234567890.123456789', 'NaN', '-0.000'],
  'numeric(10,2)': ['99999999.99', '-0.10'],
  'numeric(5,0)': ['99999'],
  real: ['0.1', '3.4e38', '-1e-37', 'Infinity'],
  'double precision': ['0.1', '1.7976931348623157e308'],
  text: ['', ' x ', 'é😀', "it's"],
  'character varying': ['', 'long '.repeat(50)],
  'character varying(5)': ['12345', '  '],
  'character varying(9)': ['123456789'],
  'character(3)': ['a', 'abc'],
  boolean: ['true', 'false'],
  uuid: ['00000000-0000-0000-0000-000000000001'],
  date: ['2026-11-21', '0044-03-15 BC', 'infinity'],
  'timestamp without time zone': ['2026-11-21 01:02:03.123456'],
  'timestamp(0) without time zone': ['2026-11-21 01:02:03'],
  'timestamp with time zone': ['2026-11-21 01:02:03.123456+02'],
  'time without time zone': ['23:59:59.999999'],
  interval: ['1 mon 2 days 03:04:05.6'],
  inet: ['10.0.0.1/8', '::1'],
  cidr: ['10.0.0.0/8'],
  json: ['{"a": 1,  "a": 2}', 'null'],
  jsonb: ['{"a": [1, 2.50, null]}'],
  bytea: ['\\x00ff'],
  'bit varying(8)': ['1', '10101010'],
  'integer[]': ['{1,NULL,3}'],
};

describe('types', () => {
  let testDatabase: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    await loadParser();
    testDatabase = await createTestDatabase();
    session = await testDatabase.database.connect();
  });
  afterAll(async () => {
    await session.close();
    await testDatabase.drop();
  });

  test.each([
    'int',
    'int4',
    'bigint',
    'smallint',
    'decimal',
    'numeric(10)',
    'numeric(10,2)',
    'numeric(3,-2)',
    'float',
    'float(10)',
    'real',
    'varchar',
    'varchar(20)',
    'character varying(3)',
    'char',
    'char(3)',
    'text',
    'bool',
    'bit(3)',
    'varbit(8)',
    'timestamp',
    'timestamp(3)',
    'timestamptz',
    'timestamp(3) with time zone',
    'time',
    'time(2)',
    'timetz',
    'interval',
    'interval(3)',
    'date',
    'uuid',
    'jsonb',
    'inet',
    'int[]',
    'varchar(20)[]',
    'int[][]',
    'bytea',
    'oid',
    'xml',
    'money',
  ])('are written as the server writes them: %s', async (type) => {
    await session.run('drop table if exists written');
    const sql = `create table written (a ${type})`;
    await session.run(sql);
    const [row] = await session.query<{ type: string }>(
      `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'written'::regclass and attnum = 1`,
    );
    const outcome = parseStatement(sql);
    const column =
      outcome.kind === 'parsed'
        ? bodyOf(bodyOf(outcome.node, 'CreateStmt')?.tableElts?.[0], 'ColumnDef')
        : undefined;
    expect(formatTypeName(column?.typeName)).toBe(row!.type);
  });

  const pairs = Object.keys(VALUES).flatMap((from) => Object.keys(VALUES).map((to) => ({ from, to })));

  test('that are said to be changed without loss give every value back', async () => {
    const lossless = pairs.filter((pair) => typeChangeIsLossless(pair));
    expect(lossless.length).toBeGreaterThan(50);
    for (const { from, to } of lossless) {
      for (const value of VALUES[from]!) {
        const [row] = await session.query<{ before: string; after: string }>(
          `select ($1::text::${from})::text as before, ((($1::text::${from})::${to})::${from})::text as after`,
          [value],
        );
        expect({ from, to, value: row!.after }).toEqual({ from, to, value: row!.before });
      }
    }
  });

  test('are predicted to rewrite the table where they do, for every pair that the server can change', async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const { from, to } of pairs) {
      await session.run(
        `drop table if exists changed; create table changed (a ${from}); insert into changed values (null)`,
      );
      const before = await fileOf(session);
      const changed = await session.run(`alter table changed alter column a type ${to} using a::${to}`).then(
        () => true,
        () => false,
      );
      if (changed) {
        compared += 1;
        const predicted = typeChangeRewrites({ from, to, timeZoneIsUtc: true });
        const measured = before === (await fileOf(session)) ? 'no' : 'yes';
        if (predicted !== measured) {
          wrong.push(`${from} → ${to}: predicted ${predicted}, measured ${measured}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(200);
  }, 120_000);
});

async function fileOf(session: Session): Promise<string> {
  const [row] = await session.query<{ file: string }>(`select pg_relation_filenode('changed')::text as file`);
  return row!.file;
}
