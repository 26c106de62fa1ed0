import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import { type ImportResult, importUsage } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, SCOPE, SHARED_DATA, whyMissing } from './support.js';

interface Sums {
  readonly rows: number;
  readonly input: number;
  readonly output: number;
}

interface RealTrace {
  readonly file: string;
  /** As published with the traces. */
  readonly published: Sums;
  /** Adds the raw file up the way awk does, with nothing of the importer. */
  readonly addUp: (text: string) => Sums;
}

const TRACES: readonly RealTrace[] = [
  {
    file: 'azure-llm/AzureLLMInferenceTrace_code.csv',
    published: { rows: 8_819, input: 18_059_974, output: 245_896 },
    addUp: (text) => addColumns(text.split('\n').slice(1), (line) => line.split(',').slice(1)),
  },
  {
    file: 'azure-llm/AzureLLMInferenceTrace_conv.csv',
    published: { rows: 19_366, input: 22_361_870, output: 4_088_665 },
    addUp: (text) => addColumns(text.split('\n').slice(1), (line) => line.split(',').slice(1)),
  },
  {
    file: 'mooncake/conversation_trace.jsonl',
    published: { rows: 12_031, input: 144_793_823, output: 4_122_048 },
    addUp: (text) =>
      addColumns(text.split('\n'), (line) => [
        line.split('"input_length": ')[1]!,
        line.split('"output_length": ')[1]!,
      ]),
  },
];

function addColumns(lines: readonly string[], numbersOf: (line: string) => readonly string[]): Sums {
  const rows = lines.filter((line) => line.trim() !== '').map(numbersOf);
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + Number.parseInt(row[column]!, 10), 0);
  return { rows: rows.length, input: sum(0), output: sum(1) };
}

let db: TestDatabase;
beforeAll(async () => {
  db = await createUsageDatabase();
});
afterAll(() => db.drop());

for (const { file, published, addUp } of TRACES) {
  const missing = whyMissing(file);
  describe.skipIf(missing !== undefined)(
    `the real trace ${file}${missing ? ` (skipped: ${missing})` : ''}`,
    () => {
      test('is imported to the last token as it is, and a second time adds nothing', async () => {
        const path = join(SHARED_DATA, file);
        const added = addUp(readFileSync(path, 'utf8'));
        expect(added).toEqual(published);

        await withSession(db.database, async (session) => {
          const before = await storedSums(session);
          const first = await importUsage(session, { ...SCOPE, input: { path } });
          expect(sumsOf(first)).toEqual(published);
          expect(first).toMatchObject({ rowsInserted: published.rows, rowsDuplicate: 0 });
          const after = await storedSums(session);
          expect({
            rows: after.rows - before.rows,
            input: after.input - before.input,
            output: after.output - before.output,
          }).toEqual(published);

          const second = await importUsage(session, { ...SCOPE, input: { path } });
          expect(sumsOf(second)).toEqual(published);
          expect(second).toMatchObject({ rowsInserted: 0, rowsDuplicate: published.rows });
          expect(await storedSums(session)).toEqual(after);
        });
      });
    },
  );
}

const mooncakeMissing = whyMissing('mooncake/conversation_trace.jsonl');

test.skipIf(mooncakeMissing !== undefined)(
  `the Mooncake trace's shared prefixes become cache reads${mooncakeMissing ? ` (skipped: ${mooncakeMissing})` : ''}`,
  async () => {
    const path = join(SHARED_DATA, 'mooncake/conversation_trace.jsonl');
    const seen = new Set<number>();
    let cached = 0;
    for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
      const request = JSON.parse(line) as { input_length: number; hash_ids: number[] };
      let blocks = 0;
      while (blocks < request.hash_ids.length && seen.has(request.hash_ids[blocks]!)) {
        blocks += 1;
      }
      cached += Math.min(request.input_length, blocks * 512);
      for (const id of request.hash_ids) {
        seen.add(id);
      }
    }
    const result = await withSession(db.database, (session) =>
      importUsage(session, { ...SCOPE, input: { path }, source: 'another-name' }),
    );
    expect(result.totals.tokens.inputCacheRead).toBe(BigInt(cached));
    expect(result.totals.tokens.inputCacheRead).toBe(54_098_411n);
    expect(result.totals.range!.from).toEqual(new Date('2024-01-01T00:00:00.000Z'));
  },
);

function sumsOf({ rowsRead, totals: { tokens } }: ImportResult): Sums {
  return {
    rows: rowsRead,
    input: Number(tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite),
    output: Number(tokens.outputText + tokens.outputReasoning),
  };
}

async function storedSums(session: Session): Promise<Sums> {
  const [row] = await session.query<Sums>(
    `select count(*)::int as rows,
            coalesce(sum(input_uncached_tokens + input_cache_read_tokens + input_cache_write_tokens), 0)::float8 as input,
            coalesce(sum(output_text_tokens + output_reasoning_tokens), 0)::float8 as output
       from analytics.usage_events`,
  );
  return row!;
}
