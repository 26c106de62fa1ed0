import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb, type Session } from '../../src/database/index.js';
import { importUsage, readMapping } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, SCOPE } from './support.js';

let db: TestDatabase;
let session: Session;
const folder = mkdtempSync(join(tmpdir(), 'plinth-test-parquet-'));
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  const duckdb = await openDuckDb();
  await duckdb.run(`copy (${select}) to '${path}' (format parquet, row_group_size 5000)`);
  duckdb.close();
  return path;
}

describe('a Parquet file', () => {
  test('is imported whole, in any number of row groups, once', async () => {
    const path = await parquet(
      'events.parquet',
      `select timestamptz '2026-03-01 00:00:00+00' + i * interval '1 second' as event_time,
              '${ORGANIZATION}'::uuid as organization_id, 'acme' as provider, 'large' as model,
              i::bigint as input_uncached_tokens, case when i % 2 = 0 then 200000 end as latency_us
       from range(20000) as r (i)`,
    );
    const result = await importUsage(session, { input: { path } });
    expect(result).toMatchObject({
      format: 'plinth-json',
      rowsRead: 20_000,
      rowsInserted: 20_000,
      rowsRejected: 0,
      totals: { tokens: { inputUncached: 199_990_000n } },
    });
    const [row] = await session.query(
      'select count(latency_us) as known, min(event_time) as first, max(event_time) as last from analytics.usage_events',
    );
    expect(row).toEqual({
      known: 10_000n,
      first: new Date('2026-03-01T00:00:00Z'),
      last: new Date('2026-03-01T05:33:19Z'),
    });
    expect(
      await session.query('select file_name, file_sha256 from analytics.import_batches where id = $1', [
        result.batchId,
      ]),
    ).toEqual([
      {
        file_name: 'events.parquet',
        file_sha256: createHash('sha256').update(readFileSync(path)).digest(),
      },
    ]);
    expect(await importUsage(session, { input: { path } })).toMatchObject({
      rowsInserted: 0,
      rowsDuplicate: 20_000,
    });
  });

  test('is read with a mapping, nested columns too', async () => {
    const path = await parquet(
      'log.parquet',
      `select 1772366400 + i as at, {'prompt': 10 * i, 'completion': i} as used, 'r' || i as id from range(1, 4) as r (i)`,
    );
    const file = join(folder, 'mapping.yml');
    writeFileSync(
      file,
      'version: 1\nformat: jsonl\nfields:\n  event_time: { from: at, unit: s }\n  foreign_id: id\n  input_tokens: used.prompt\n  output_tokens: used.completion\n',
    );
    expect(
      await importUsage(session, { ...SCOPE, input: { path }, mapping: readMapping(file) }),
    ).toMatchObject({
      rowsInserted: 3,
      totals: { tokens: { inputUncached: 60n, outputText: 6n } },
    });
  });

  test('that is cut off is refused, and changes nothing', async () => {
    const path = await parquet('whole.parquet', 'select 1 as event_time');
    const cut = join(folder, 'cut.parquet');
    writeFileSync(cut, readFileSync(path).subarray(0, 60));
    await expect(importUsage(session, { ...SCOPE, input: { path: cut } })).rejects.toMatchObject({
      code: 'DATABASE_STATEMENT_FAILED',
    });
  });
});
