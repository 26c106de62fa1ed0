import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { importUsage } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, SCOPE, textInput } from './support.js';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

const HEADER = 'event_time,input_uncached_tokens\n';

describe('rows that are no valid events', () => {
  test('are set aside with place, reason and content, and the others are imported', async () => {
    const file = `${HEADER}2026-03-01T00:00:00Z,1\nnoon,2\n2026-03-01T00:00:02Z,-3\n2026-03-01T00:00:03Z\n2026-03-01T00:00:04Z,5\n`;
    const result = await importUsage(session, { ...SCOPE, input: textInput(file) });
    expect(result).toMatchObject({
      rowsRead: 5,
      rowsInserted: 2,
      rowsDuplicate: 0,
      rowsRejected: 3,
      totals: { rows: 2, tokens: { inputUncached: 6n } },
    });
    expect(
      await session.query(
        'select line_number, column_number, field, reason, content from analytics.usage_rejects where batch_id = $1 order by line_number',
        [result.batchId],
      ),
    ).toEqual([
      {
        line_number: 3n,
        column_number: 1,
        field: 'event_time',
        reason: expect.stringMatching(/^'noon' \(a time of the years 2000 to 2199/),
        content: 'noon,2',
      },
      {
        line_number: 4n,
        column_number: 22,
        field: 'input_uncached_tokens',
        reason: "'-3' (a whole number from 0 to 1000000000 was wanted)",
        content: '2026-03-01T00:00:02Z,-3',
      },
      {
        line_number: 5n,
        column_number: 21,
        field: null,
        reason: 'its end after 1 (2 fields as in the header was wanted)',
        content: '2026-03-01T00:00:03Z',
      },
    ]);
    expect(
      await session.query(
        'select rows_read, rows_inserted, rows_duplicate, rows_rejected, outcome from analytics.import_batches where id = $1',
        [result.batchId],
      ),
    ).toEqual([
      { rows_read: 5n, rows_inserted: 2n, rows_duplicate: 0n, rows_rejected: 3n, outcome: 'succeeded' },
    ]);
  });

  test('refuse the whole file when that is asked for', async () => {
    const input = textInput(`${HEADER}2026-03-02T00:00:00Z,1\nnoon,2\n`);
    await expect(importUsage(session, { ...SCOPE, input, badRows: 'refuse' })).rejects.toMatchObject({
      code: 'USAGE_TRACE_MALFORMED',
      details: { line: 3 },
    });
    const [count] = await session.query(
      "select count(*) from analytics.usage_events where event_time >= '2026-03-02'",
    );
    expect(count).toEqual({ count: 0n });
  });

  test('are refused when there are more than 10,000: the file is of another kind', async () => {
    const file = `${HEADER}2026-03-03T00:00:00Z,1\n${'noon,2\n'.repeat(10_001)}`;
    await expect(importUsage(session, { ...SCOPE, input: textInput(file) })).rejects.toMatchObject({
      code: 'USAGE_REJECTS_TOO_MANY',
    });
    const exact = `${HEADER}2026-03-03T00:00:00Z,1\n${'noon,2\n'.repeat(10_000)}`;
    expect(await importUsage(session, { ...SCOPE, input: textInput(exact) })).toMatchObject({
      rowsInserted: 1,
      rowsRejected: 10_000,
    });
  });
});

describe('a row that no database can keep as it is', () => {
  /** Imports a file between two good lines, and returns the fault of the one between. */
  async function faultOf(line: string | Uint8Array) {
    const good = '{"event_time":"2026-03-05T00:00:00Z"}\n';
    const file = Buffer.concat([good, line, '\n', good].map((part) => Buffer.from(part)));
    const result = await importUsage(session, { ...SCOPE, input: textInput(file) });
    expect(result).toMatchObject({ rowsRead: 3, rowsRejected: 1 });
    const [kept] = await session.query<{ field: string | null; reason: string; content: string }>(
      'select field, reason, content from analytics.usage_rejects where batch_id = $1',
      [result.batchId],
    );
    return kept!;
  }

  test('is set aside, and no other: bytes that are not text', async () => {
    const line = Buffer.from([...Buffer.from('{"model":"'), 0xff, 0x00, ...Buffer.from('"}')]);
    expect(await faultOf(line)).toEqual({
      field: null,
      reason: 'bytes that are not text (text in UTF-8 was wanted)',
      content: '{"model":"\ufffd\ufffd"}',
    });
  });

  test('is set aside when a message cuts a character in two', async () => {
    const { reason } = await faultOf(`{"event_time":"${'x'.repeat(39)}😀😀"}`);
    expect(reason).toContain(`'${'x'.repeat(39)}·…' as event_time`);
  });

  test('is set aside when a field has NUL in its name', async () => {
    expect(await faultOf('{"mo\\u0000del":"a"}')).toMatchObject({ field: 'mo\ufffddel' });
  });

  test('is set aside when a name has half a character, which would make two names one', async () => {
    expect(await faultOf('{"event_time":"2026-03-05T00:00:00Z","model":"a\\ud800"}')).toMatchObject({
      field: 'model',
    });
  });

  test('is set aside when the kind of error has more bytes than an event holds', async () => {
    const line = (text: string) => `{"event_time":"2026-03-05T00:00:00Z","error_type":"${text}"}`;
    expect(await faultOf(line('é'.repeat(65)))).toMatchObject({
      field: 'error_type',
      reason: expect.stringContaining('1 to 128 bytes'),
    });
    const fits = await importUsage(session, { ...SCOPE, input: textInput(line('é'.repeat(64))) });
    expect(fits.rowsInserted).toBe(1);
  });
});
