import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPlinthError, type PlinthError } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { type ImportOptions, importUsage } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, SCOPE, textInput } from './support.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createUsageDatabase();
});
afterAll(() => db.drop());

const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n';
const MOONCAKE = '{"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [0, 1]}\n';
const EVENTS = `event_time,organization_id,provider,model,input_uncached_tokens,latency_us,ttft_us\n2026-03-01T00:00:00Z,${ORGANIZATION},acme,large,5,20,10\n`;
const V7 = '019ca6b1-dc00-7000-8000-000000000000'; // 2026-03-01T00:00:00Z

/** A file, and the line and column at which it is refused. */
const REFUSED: readonly (readonly [
  title: string,
  file: string | Uint8Array,
  line: number,
  column: number,
  words: RegExp,
])[] = [
  ['a CSV line cut off in its time', `${AZURE}2023-11-16 18:1`, 3, 16, /its end after 1 \(3 fields/],
  [
    'a CSV line cut off after a comma',
    `${AZURE}2023-11-16 18:17:04.0319600,3180,`,
    3,
    34,
    /'' \(a whole number of tokens/,
  ],
  [
    'a CSV line with a field too many',
    `${AZURE}2023-11-16 18:17:04.0319600,3180,8,9\n`,
    3,
    36,
    /another field after 3/,
  ],
  ['a negative number of tokens', `${AZURE}2023-11-16 18:17:04.0319600,-3180,8\n`, 3, 29, /'-3180'/],
  ['a number of tokens that is none', `${AZURE}2023-11-16 18:17:04.0319600,31,8x\n`, 3, 32, /'8x'/],
  ['a fraction of a token', `${AZURE}2023-11-16 18:17:04.0319600,31.5,8\n`, 3, 29, /'31\.5'/],
  [
    'more tokens than a model takes',
    `${AZURE}2023-11-16 18:17:04.0319600,1000000001,8\n`,
    3,
    29,
    /from 0 to 1000000000/,
  ],
  [
    'a time that does not exist',
    `${AZURE}2023-02-30 18:17:04.0319600,31,8\n`,
    3,
    1,
    /a time of the years 2000 to 2199/,
  ],
  ['an hour beyond the day', `${AZURE}2023-02-03 24:00:00,31,8\n`, 3, 1, /'2023-02-03 24:00:00'/],
  ['a quote that is not closed', `${AZURE}2023-11-16 18:17:04,"31,8\n`, 3, 21, /a quote that is not closed/],
  [
    'text after a closing quote',
    `${AZURE}2023-11-16 18:17:04,"31"0,8\n`,
    3,
    25,
    /more text after a closing quote/,
  ],
  [
    'binary junk in the middle',
    Buffer.concat([
      Buffer.from(`${AZURE}2023-11-16 18:17:04,3`),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from(',8\n'),
    ]),
    3,
    22,
    /bytes that are not text/,
  ],
  ['a NUL character', `${AZURE}2023-11-16 18:17:04,3\u0000,8\n`, 3, 22, /bytes that are not text/],
  ['a compressed file', gzipSync(AZURE), 1, 2, /compressed data/],
  [
    'an Azure trace without a column',
    'TIMESTAMP,ContextTokens\n2023-11-16 18:17:03,4808\n',
    1,
    24,
    /a column GeneratedTokens was wanted/,
  ],
  ['a header that names a column twice', 'event_time,event_time\n', 1, 12, /'event_time' again/],
  [
    'JSON cut off in the middle of a list',
    `${MOONCAKE}{"timestamp": 27, "input_length": 600, "hash_ids": [0, 1`,
    2,
    57,
    /the end of the line \(',' or '\]' was wanted\)/,
  ],
  ['JSON cut off in a string', `${MOONCAKE}{"timest`, 2, 2, /a field name in quotes was wanted/],
  [
    'JSON with a missing comma',
    `${MOONCAKE}{"timestamp": 27 "input_length": 600}`,
    2,
    18,
    /',' or '\}' was wanted/,
  ],
  ['JSON with more after the object', `${MOONCAKE.trim()} x\n`, 1, 79, /nothing more on the line was wanted/],
  ['a JSON line that is a list', `${MOONCAKE}[1, 2]\n`, 2, 1, /a JSON object was wanted/],
  ['a JSON line that is null', `${MOONCAKE}null\n`, 2, 1, /a JSON object was wanted/],
  [
    'a Mooncake request without a field',
    `${MOONCAKE}{"timestamp": 27, "input_length": 600, "hash_ids": []}\n`,
    2,
    55,
    /no field output_length/,
  ],
  [
    'a negative length in JSON',
    `${MOONCAKE}{"timestamp": 27, "input_length": -1, "output_length": 5, "hash_ids": []}\n`,
    2,
    35,
    /'-1' as input_length/,
  ],
  [
    'text for a number in JSON',
    `${MOONCAKE}{"timestamp": "27", "input_length": 1, "output_length": 5, "hash_ids": []}\n`,
    2,
    15,
    /'"27"' as timestamp/,
  ],
  [
    'a block that is no number',
    `${MOONCAKE}{"timestamp": 27, "input_length": 1, "output_length": 5, "hash_ids": [0.5]}\n`,
    2,
    70,
    /'\[0\.5\]' as hash_ids/,
  ],
  ['an event without a time', `${EVENTS},${ORGANIZATION},acme,large,5,,\n`, 3, 1, /no event_time/],
  [
    'a tenant that is no UUID',
    `${EVENTS}2026-03-01T00:00:00Z,seven,acme,large,5,,\n`,
    3,
    22,
    /'seven' \(a UUID/,
  ],
  [
    'a first token after the last',
    `${EVENTS}2026-03-01T00:00:00Z,${ORGANIZATION},acme,large,5,20,21\n`,
    3,
    75,
    /at most latency_us, 20/,
  ],
  [
    'an event id of another version',
    'event_id,provider\n0190a000-0000-4000-8000-000000000001,acme\n',
    2,
    1,
    /version 7/,
  ],
  [
    'an event id with another time',
    `event_id,event_time,provider,model\n${V7},2026-03-01T00:00:00.001Z,acme,large\n`,
    2,
    38,
    /the time in event_id, 2026-03-01T00:00:00.000Z, was/,
  ],
  ['a status beyond HTTP', 'event_time,status\n2026-03-01T00:00:00Z,600\n', 2, 22, /100 to 599/],
  [
    'an operation that is unknown',
    '{"event_time": "2026-03-01T00:00:00Z", "operation": "dream"}\n',
    1,
    53,
    /'dream' as operation/,
  ],
  [
    'a number beyond what JSON holds exactly',
    '{"event_time": "2026-03-01T00:00:00Z", "cost_nanos": 12345678901234567890}\n',
    1,
    54,
    /beyond 2\^53/,
  ],
  ['a list for a field', '{"event_time": ["2026-03-01T00:00:00Z"]}\n', 1, 16, /a list/],
];

describe('a malformed file', () => {
  for (const [title, file, line, column, words] of REFUSED) {
    test(`is refused at its line and column and changes nothing: ${title}`, async () => {
      for (const size of [7, 1 << 20]) {
        const error = await refusal({ ...SCOPE, input: textInput(file, size) });
        expect(error.code).toBe('USAGE_TRACE_MALFORMED');
        expect(error.details).toMatchObject({ file: 'trace', line, column });
        expect(error.message).toContain(`Cannot import trace: line ${line}, column ${column} has`);
        expect(error.message).toMatch(words);
      }
    });
  }

  test('is refused with the nearest name for a column that is not known', async () => {
    const csv = await refusal({ ...SCOPE, input: textInput('event_time,organisation_id\n') });
    expect(csv).toMatchObject({ code: 'USAGE_COLUMN_UNKNOWN', details: { line: 1, column: 12 } });
    expect(csv.message).toMatch(/'organisation_id' \('organization_id' was wanted\)/);

    const json = await refusal({ ...SCOPE, input: textInput(MOONCAKE.replace('timestamp', 'timestanp')) });
    expect(json).toMatchObject({ code: 'USAGE_COLUMN_UNKNOWN', details: { line: 1, column: 2 } });
    expect(json.message).toContain("'timestanp' ('timestamp' was wanted)");

    const extra = await refusal({
      ...SCOPE,
      input: textInput('{"event_time": "2026-03-01T00:00:00Z", "latencyus": 5}\n'),
    });
    expect(extra).toMatchObject({ code: 'USAGE_COLUMN_UNKNOWN', details: { line: 1, column: 40 } });
    expect(extra.message).toContain("'latency_us' was wanted");

    const azure = await refusal({
      ...SCOPE,
      input: textInput(AZURE.replace('GeneratedTokens', 'GeneratedToken')),
    });
    expect(azure.message).toContain("'GeneratedToken' ('GeneratedTokens' was wanted)");
  });

  test('is refused when a row leaves out what the call does not say either', async () => {
    const header = 'event_time,organization_id,provider,model';
    const row = `2026-03-01T00:00:00Z,${ORGANIZATION},acme,large`;
    for (const [name, column] of [
      [ORGANIZATION, 22],
      ['acme', 59],
      ['large', 64],
    ] as const) {
      const error = await refusal({ input: textInput(`${header}\n${row}\n${row.replace(name, '')}`) });
      expect(error).toMatchObject({ code: 'USAGE_TRACE_MALFORMED', details: { line: 3, column } });
    }
    const json = await refusal({ input: textInput('{"event_time": "2026-03-01T00:00:00Z"}') });
    expect(json.message).toMatch(/line 1, column 39 has no field organization_id \(a UUID was wanted\)/);
  });

  test('is refused when it is empty or of no known format', async () => {
    for (const text of ['', '\n\n', '\uFEFF', 'a,b,c\n1,2,3\n', '<html></html>']) {
      expect((await refusal({ ...SCOPE, input: textInput(text) })).code).toBe('USAGE_FORMAT_UNKNOWN');
    }
  });

  test('is refused when a line does not end', async () => {
    const error = await refusal({ ...SCOPE, input: textInput(`${AZURE}${'9'.repeat(5_000_000)}`, 1 << 16) });
    expect(error.message).toMatch(/line 3, column 4194305 has no end of the line yet/);
  });

  test('keeps a person out of the message', async () => {
    const error = await refusal({
      ...SCOPE,
      input: textInput('event_time,user_id\n2026-03-01T00:00:00Z,ada@example.org\n'),
    });
    expect(error.message).toMatch(/line 2, column 22 has another value \(a UUID was wanted\)/);
  });
});

describe('an import', () => {
  test('is refused when neither the file nor the call says whose the events are', async () => {
    const error = await refusal({ input: textInput(AZURE), provider: 'acme' });
    expect(error).toMatchObject({
      code: 'USAGE_SCOPE_MISSING',
      details: { missing: ['organizationId', 'model'] },
    });
    const own = await refusal({ input: textInput('event_time,model\n'), provider: 'acme' });
    expect(own).toMatchObject({ code: 'USAGE_SCOPE_MISSING', details: { missing: ['organizationId'] } });
  });

  test('is refused for options of another form, with the nearest format', async () => {
    const input = textInput(AZURE);
    const cases: readonly ImportOptions[] = [
      { ...SCOPE, input, organizationId: 'seven' },
      { ...SCOPE, input, source: 'Not a source' },
      { ...SCOPE, input, currency: 'dollars' },
      { ...SCOPE, input, startTime: new Date(Number.NaN) },
    ];
    for (const options of cases) {
      expect((await refusal(options)).code).toBe('USAGE_OPTION_INVALID');
    }
    expect((await refusal({ ...SCOPE, input, format: 'azure-llms' })).message).toContain(
      'azure-llm was wanted',
    );
  });

  test('is refused for a file that cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plinth-usage-'));
    expect(await refusal({ ...SCOPE, input: { path: join(folder, 'none.csv') } })).toMatchObject({
      code: 'FILE_NOT_READ',
    });
    expect(await refusal({ ...SCOPE, input: { path: folder } })).toMatchObject({ code: 'FILE_NOT_READ' });
    rmSync(folder, { recursive: true });
  });

  test('is refused when its days are too many to be true', async () => {
    const lines = Array.from({ length: 1101 }, (_, day) =>
      new Date(Date.UTC(2020, 0, 1 + 2 * day)).toISOString(),
    );
    const error = await refusal({ ...SCOPE, input: textInput(`event_time\n${lines.join('\n')}`) });
    expect(error).toMatchObject({ code: 'USAGE_DAYS_TOO_MANY', details: { days: 1101 } });
  });

  test('says that migrations are wanted where the tables are not', async () => {
    const bare = await createUsageDatabase([]);
    const error = await withSession(bare.database, (session) =>
      thrownBy(session, { ...SCOPE, input: textInput(AZURE) }),
    );
    expect(error.code).toBe('USAGE_SCHEMA_MISSING');
    await bare.drop();
  });
});

/** The error of an import, which must leave everything as it was. */
function refusal(options: ImportOptions): Promise<PlinthError> {
  return withSession(db.database, async (session) => {
    const before = await everything(session);
    const error = await thrownBy(session, options);
    expect(await everything(session)).toEqual(before);
    return error;
  });
}

async function thrownBy(session: Session, options: ImportOptions): Promise<PlinthError> {
  const error = await importUsage(session, { badRows: 'refuse', ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isPlinthError(error)) {
    throw error ?? new Error('the import was accepted');
  }
  return error;
}

async function everything(session: Session): Promise<unknown> {
  const [row] = await session.query(
    `select (select count(*) from analytics.usage_events) as events,
            (select count(*) from analytics.import_batches) as batches,
            (select count(*) from analytics.models) as models,
            (select count(*) from pg_inherits where inhparent = 'analytics.usage_events'::regclass) as partitions,
            (select count(*) from pg_class where relpersistence = 't') as temporary`,
  );
  return row;
}
