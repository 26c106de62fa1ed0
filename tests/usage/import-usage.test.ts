import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import {
  generateUsageDay,
  type ImportOptions,
  type ImportResult,
  importUsage,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import {
  createUsageDatabase,
  MODELS,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  SCOPE,
  sampleTenants,
  textInput,
} from './support.js';

let db: TestDatabase | undefined;
beforeEach(async () => {
  await db?.drop();
  db = await createUsageDatabase();
});
afterAll(() => db?.drop());

const AZURE =
  'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8';

describe('a file', () => {
  test('is the same events with LF or CRLF, a byte-order mark, a blank last line, and in pieces of any size', async () => {
    const variants = [AZURE, AZURE.replaceAll('\r', ''), `\uFEFF${AZURE}\r\n\r\n`, `${AZURE}\n`];
    const inserted: number[] = [];
    for (const text of variants) {
      for (const size of [1, 3, 1 << 20]) {
        inserted.push((await imported({ ...SCOPE, input: textInput(text, size) })).rowsInserted);
      }
    }
    expect(inserted).toEqual([2, ...Array(11).fill(0)]);
  });

  test('with a header and no rows is an import of nothing', async () => {
    const result = await imported({ ...SCOPE, input: textInput('TIMESTAMP,ContextTokens,GeneratedTokens') });
    expect(result).toMatchObject({ rowsRead: 0, rowsInserted: 0, totals: { range: undefined } });
  });

  test('with columns in another order gives the same values', async () => {
    const swapped = await imported({
      ...SCOPE,
      input: textInput('GeneratedTokens,TIMESTAMP,ContextTokens\n10,2023-11-16 18:17:03.9799600,4808'),
    });
    expect(swapped.totals).toMatchObject({ tokens: { inputUncached: 4808n, outputText: 10n } });
    expect(swapped.totals.range!.from).toEqual(new Date('2023-11-16T18:17:03.979Z'));
  });

  test('leaves a batch that accounts for every row and names the file by its hash', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plinth-usage-'));
    const path = join(folder, 'trace.csv');
    writeFileSync(path, AZURE);
    const result = await imported({ ...SCOPE, input: { path } });
    const [batch] = await withSession(db!.database, (session) =>
      session.query(
        `select source, file_name, encode(file_sha256, 'hex') as sha256, rows_read, rows_inserted, rows_duplicate,
                outcome, (select count(*) from analytics.usage_events where batch_id = b.id) as events
           from analytics.import_batches as b where id = $1`,
        [result.batchId],
      ),
    );
    expect(batch).toEqual({
      source: 'azure-llm-trace',
      file_name: 'trace.csv',
      sha256: createHash('sha256').update(AZURE).digest('hex'),
      rows_read: 2n,
      rows_inserted: 2n,
      rows_duplicate: 0n,
      outcome: 'succeeded',
      events: 2n,
    });
    rmSync(folder, { recursive: true });
  });
});

describe('events of our own', () => {
  const ROW = {
    event_time: '2026-03-01T12:00:00.123456Z',
    organization_id: ORGANIZATION,
    api_key_id: '0190a002-0000-7000-8000-000000000001',
    user_id: '0190a003-0000-7000-8000-000000000001',
    provider: 'acme',
    model: 'large, "quoted" \\N é',
    operation: 'chat',
    region: 'eu-west-1',
    status: 503,
    error_type: 'over\\loaded',
    input_uncached_tokens: 1,
    input_cache_read_tokens: 2,
    input_cache_write_tokens: 3,
    output_text_tokens: 4,
    output_reasoning_tokens: 5,
    ttft_us: 6,
    latency_us: 7,
    cost_nanos: '9223372036854775807',
    currency: 'EUR',
  } as const;

  test('come through CSV and JSON lines with every value as it was', async () => {
    const names = Object.keys(ROW).reverse();
    const cells = names.map((name) => `"${String(ROW[name as keyof typeof ROW]).replaceAll('"', '""')}"`);
    await imported({ input: textInput(`${names.join(',')}\n${cells.join(',')}\n`), source: 'csv' });
    await imported({ input: textInput(`${JSON.stringify(ROW)}\n`), source: 'json' });
    const rows = await withSession(db!.database, (session) =>
      session.query(
        `select e.*, m.provider, m.name as model
           from analytics.usage_events as e join analytics.models as m on m.id = e.model_id order by source`,
      ),
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      const { event_time: _time, cost_nanos, status, ...texts } = ROW;
      expect(row).toMatchObject({
        ...Object.fromEntries(
          Object.entries(texts).map(([name, value]) => [
            name,
            typeof value === 'number' ? BigInt(value) : value,
          ]),
        ),
        status,
        event_time: new Date('2026-03-01T12:00:00.123Z'),
        cost_nanos: BigInt(cost_nanos),
        cost_source: 'provider',
        usage_known: true,
      });
    }
  });

  test('that say nothing of tokens are not known to have used none', async () => {
    const text = 'event_time,input_uncached_tokens,output_text_tokens\n2026-03-01,\n'.replace(
      '2026-03-01,',
      '2026-03-01 00:00:00,,\n2026-03-01 00:00:00,0,',
    );
    const result = await imported({ ...SCOPE, input: textInput(text) });
    expect(result.totals.usageUnknown).toBe(1);
    const rows = await withSession(db!.database, (session) =>
      session.query(
        'select usage_known, count(*)::int as n from analytics.usage_events group by 1 order by 1',
      ),
    );
    expect(rows).toEqual([
      { usage_known: false, n: 1 },
      { usage_known: true, n: 1 },
    ]);
  });

  test('that bring an id are the same event from whatever file they come', async () => {
    const id = '019ca6f5-7c00-7abc-8000-00000000000f';
    const csv = textInput(`event_id\n${id}\n${id}\n`);
    const first = await imported({ ...SCOPE, input: csv });
    expect(first).toMatchObject({ rowsRead: 2, rowsInserted: 1, rowsDuplicate: 1 });
    const again = await imported({
      ...SCOPE,
      input: textInput(`{"event_id": "${id.toUpperCase()}"}\n`),
      source: 'elsewhere',
    });
    expect(again).toMatchObject({ rowsInserted: 0, rowsDuplicate: 1 });
  });

  test('lie on days far apart and only those days are made', async () => {
    const text =
      'event_time\n2001-01-01T00:00:00Z\n2026-02-28T23:59:59.999Z\n2026-03-01T01:00:00+02:00\n2199-12-31T23:59:59Z\n';
    const result = await imported({ ...SCOPE, input: textInput(text) });
    expect(result).toMatchObject({ rowsInserted: 4, partitionsCreated: 3 });
    expect(result.totals.range).toEqual({
      from: new Date('2001-01-01T00:00:00Z'),
      to: new Date('2199-12-31T23:59:59.001Z'),
    });
  });
});

describe('the identity of a line', () => {
  test('is its source, tenant, number and text: any other makes another event', async () => {
    const inserted = async (options: Partial<ImportOptions>, text = AZURE): Promise<number> =>
      (await imported({ ...SCOPE, input: textInput(text), ...options })).rowsInserted;
    expect(await inserted({})).toBe(2);
    expect(await inserted({ model: 'small' })).toBe(0);
    expect(await inserted({ source: 'elsewhere' })).toBe(2);
    expect(await inserted({ organizationId: OTHER_ORGANIZATION })).toBe(2);
    expect(await inserted({}, `${AZURE}\n2023-11-16 18:17:04.0319600,3180,8`)).toBe(1);
  });

  test('stays what it is today', async () => {
    await imported({ ...SCOPE, input: textInput(AZURE) });
    const rows = await withSession(db!.database, (session) =>
      session.query<{ event_id: string }>('select event_id from analytics.usage_events order by 1'),
    );
    expect(rows.map((row) => row.event_id)).toEqual([
      '018bd959-d0eb-7719-8915-6a83815f95ea',
      '018bd959-d11f-74b1-9a04-62d57997019c',
    ]);
  });
});

describeOnEveryServer('the same file imported by several at once', ({ url }) => {
  test('is there once', async () => {
    const own = await createUsageDatabase(['analytics'], await url());
    const text = await wholeDay(2_000);
    const results = await Promise.all(
      Array.from({ length: 3 }, () =>
        withSession(own.database, (session) => importUsage(session, { input: textInput(text, 50_000) })),
      ),
    );
    const [row] = await withSession(own.database, (session) =>
      session.query<{ n: number; models: number }>(
        `select count(*)::int as n, (select count(*)::int from analytics.models) as models from analytics.usage_events`,
      ),
    );
    expect(results.map((result) => result.rowsRead)).toEqual([row!.n, row!.n, row!.n]);
    expect(results.reduce((sum, result) => sum + result.rowsInserted, 0)).toBe(row!.n);
    expect(results.reduce((sum, result) => sum + result.partitionsCreated, 0)).toBe(1);
    expect(row!.models).toBe(3);
    await own.drop();
  });
});

describe('an interrupted import', () => {
  const isClean = async (session: Session): Promise<void> => {
    expect(
      await session.query(
        `select (select count(*) from analytics.usage_events) as events,
                (select count(*) from analytics.import_batches) as batches,
                (select count(*) from pg_inherits where inhparent = 'analytics.usage_events'::regclass) as partitions`,
      ),
    ).toEqual([{ events: 0n, batches: 0n, partitions: 0n }]);
  };

  test('leaves nothing behind when the signal comes while it reads, and the session goes on', async () => {
    const text = await wholeDay(5_000);
    await withSession(db!.database, async (session) => {
      const controller = new AbortController();
      await expect(
        importUsage(session, {
          input: textInput(text, 10_000),
          signal: controller.signal,
          onProgress: ({ done }) => {
            if ((done ?? 0) > 200_000) {
              controller.abort();
            }
          },
        }),
      ).rejects.toMatchObject({ code: 'USAGE_CANCELLED' });
      await isClean(session);
      expect((await importUsage(session, { input: textInput(text) })).rowsDuplicate).toBe(0);
    });
  });

  test('ends at once when the signal comes while the input is silent', async () => {
    async function* silent(): AsyncGenerator<string> {
      yield AZURE;
      await new Promise(() => {});
    }
    await withSession(db!.database, async (session) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      await expect(
        importUsage(session, { ...SCOPE, input: { stream: silent() }, signal: controller.signal }),
      ).rejects.toMatchObject({ code: 'USAGE_CANCELLED' });
      await isClean(session);
    });
  });

  test('is cancelled on the server when the signal comes while it waits for another', async () => {
    await withSession(db!.database, (blocker) =>
      withSession(db!.database, async (session) => {
        const controller = new AbortController();
        await blocker.run('begin; lock table analytics.usage_events in access exclusive mode');
        const importing = importUsage(session, {
          ...SCOPE,
          input: textInput(AZURE),
          signal: controller.signal,
        });
        setTimeout(() => controller.abort(), 200);
        await expect(importing).rejects.toMatchObject({ code: 'USAGE_CANCELLED' });
        await blocker.run('rollback');
        await isClean(session);
        expect((await importUsage(session, { ...SCOPE, input: textInput(AZURE) })).rowsInserted).toBe(2);
      }),
    );
  });

  test('does not begin when the signal was given before', async () => {
    await withSession(db!.database, async (session) => {
      await expect(
        importUsage(session, { ...SCOPE, input: textInput(AZURE), signal: AbortSignal.abort() }),
      ).rejects.toMatchObject({ code: 'USAGE_CANCELLED' });
      await isClean(session);
    });
  });

  test('leaves nothing behind when the input itself fails', async () => {
    function* failing(): Generator<string> {
      yield AZURE;
      throw new Error('the disk is on fire');
    }
    await withSession(db!.database, async (session) => {
      await expect(importUsage(session, { ...SCOPE, input: { stream: failing() } })).rejects.toThrow(
        'on fire',
      );
      await isClean(session);
    });
  });
});

function imported(options: ImportOptions): Promise<ImportResult> {
  return withSession(db!.database, (session) => importUsage(session, options));
}

async function wholeDay(events: number): Promise<string> {
  let text = '';
  for await (const chunk of generateUsageDay({
    day: new Date('2026-03-01'),
    tenants: sampleTenants(20),
    models: MODELS,
    events,
  })) {
    text += chunk;
  }
  return text;
}
