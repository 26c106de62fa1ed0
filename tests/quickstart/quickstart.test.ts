import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

const SHARED_DATA = process.env.PLINTH_SHARED_DATA ?? join(PACKAGE_ROOT, '../shared/data');
const made: TestDatabase[] = [];

afterAll(async () => {
  for (const database of made) {
    await database.drop();
  }
});

async function freshDatabase(serverUrl?: string): Promise<TestDatabase> {
  const database = await createTestDatabase(serverUrl === undefined ? {} : { serverUrl });
  made.push(database);
  return database;
}

function countMigrations(target: string): number {
  const files = readdirSync(join(PACKAGE_ROOT, 'db/migrations', target));
  return files.filter((name) => name.endsWith('.up.sql')).length;
}

async function quickstart(url: string, ...flags: string[]) {
  const { code, stdout, stderr } = await plinth(['quickstart', '--url', url, '--format', 'json', ...flags]);
  expect(stderr).not.toContain('error[');
  expect(code).toBe(0);
  return JSON.parse(stdout).data;
}

describeOnEveryServer('the quickstart', (server) => {
  it('stands the foundation up, and again without repeating or losing anything', {
    timeout: 60_000,
  }, async () => {
    const { url } = await freshDatabase(await server.url());
    const first = await quickstart(url);
    expect(first.migrations.map((run: { migrations: unknown[] }) => run.migrations.length)).toEqual(
      ['operational', 'analytics'].map((target) => countMigrations(target)),
    );
    expect(first.seed.inserted).toBe(first.seed.rows);
    expect(first.service.isSame).toBe(true);
    expect(first.import).toMatchObject({ rowsRead: 50_000, rowsInserted: 50_000, rowsDuplicate: 0 });
    expect(first.reconciliation).toMatchObject({ isExact: true, differences: [] });
    expect(first.rollUps).toHaveLength(5);
    expect(first.trend.points).toHaveLength(24);
    expect(first.trend.total.requests).toBe(50_000);

    const second = await quickstart(url);
    expect(second.migrations.map((run: { migrations: unknown[] }) => run.migrations.length)).toEqual([0, 0]);
    expect(second.seed.inserted).toBe(0);
    expect(second.import).toMatchObject({ rowsRead: 50_000, rowsInserted: 0, rowsDuplicate: 50_000 });
    expect(second.trend).toEqual(first.trend);
    expect(second.reconciliation.isExact).toBe(true);
  });
});

/** What `awk -F, 'NR > 1 { i += $2; o += $3 }'` adds up, independent of the importer. */
function sumsOfCsv(text: string): { rows: number; input: number; output: number } {
  const lines = text.trimEnd().split(/\r?\n/).slice(1);
  return lines.reduce(
    (sum, line) => {
      const [, input, output] = line.split(',');
      return { rows: sum.rows + 1, input: sum.input + Number(input), output: sum.output + Number(output) };
    },
    { rows: 0, input: 0, output: 0 },
  );
}

const TRACES = [
  { file: 'azure-llm/AzureLLMInferenceTrace_code.csv', rows: 8_819, input: 18_059_974, output: 245_896 },
  { file: 'azure-llm/AzureLLMInferenceTrace_conv.csv', rows: 19_366, input: 22_361_870, output: 4_088_665 },
  { file: 'mooncake/conversation_trace.jsonl', rows: 12_031, input: 144_793_823, output: 4_122_048 },
] as const;

describe('the quickstart with a real trace', () => {
  for (const trace of TRACES) {
    const path = join(SHARED_DATA, trace.file);
    it.skipIf(!existsSync(path))(
      `adds up ${trace.file} to the last token (skipped where the shared data is absent)`,
      { timeout: 60_000 },
      async () => {
        if (path.endsWith('.csv')) {
          expect(sumsOfCsv(readFileSync(path, 'utf8'))).toEqual({
            rows: trace.rows,
            input: trace.input,
            output: trace.output,
          });
        }
        const { url } = await freshDatabase();
        const { total } = (await quickstart(url, '--trace', path)).trend;
        expect(total.costUnknown).toBe(0);
        expect({ rows: total.requests, input: total.inputTokens, output: total.outputTokens }).toEqual({
          rows: trace.rows,
          input: trace.input,
          output: trace.output,
        });
      },
    );
  }
});
