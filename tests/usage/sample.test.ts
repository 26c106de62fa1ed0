import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateUsageDay, type SampleOptions } from '../../src/usage/index.js';
import { nextXoshiro, randomStream } from '../../src/usage/sample/random.js';
import { drawTokens, REQUEST_SHAPES, type ShapeName } from '../../src/usage/sample/request-shapes.js';
import { collect, MODELS, SHARED_DATA, sampleTenants, whyMissing } from './support.js';

const DAY: SampleOptions = {
  day: new Date('2026-03-01T15:00:00Z'),
  tenants: sampleTenants(60),
  models: MODELS,
};

interface Line {
  readonly timeMs: number;
  readonly organization: string;
  readonly model: string;
  readonly status: number;
  readonly error: string;
  readonly cached: number;
  readonly input: number;
  readonly output: number;
  readonly latencyUs: number;
}

let text: string;
let lines: Line[];
beforeAll(async () => {
  text = await collect(generateUsageDay(DAY));
  lines = text.trim().split('\n').slice(1).map(lineOf);
});

describe('a generated day', () => {
  test('is the same bytes for the same options, and others for another seed', async () => {
    expect(await collect(generateUsageDay(DAY))).toBe(text);
    expect(await collect(generateUsageDay({ ...DAY, seed: 'other' }))).not.toBe(text);
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '9e5e15a66bf3074667d5ba7bfbc55e8a1e01841cb0d09b5426541aa6d4673a9d',
    );
  });

  test('has about fifty thousand events, all of that day, in order of time, each with its own id', () => {
    expect(Math.abs(lines.length / 50_000 - 1)).toBeLessThan(0.05);
    const start = Date.UTC(2026, 2, 1);
    expect(lines.every((line) => line.timeMs >= start && line.timeMs < start + 86_400_000)).toBe(true);
    expect(lines.every((line, index) => index === 0 || line.timeMs >= lines[index - 1]!.timeMs)).toBe(true);
    const ids = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(new Set(ids).size).toBe(lines.length);
  });

  test('has a tenant mix like that of production: one to two hundred tenants, any seed', async () => {
    for (const [tenants, seed] of [
      [20, 'a'],
      [60, 'b'],
      [200, 'c'],
      [1000, 'd'],
    ] as const) {
      const other = await collect(
        generateUsageDay({ ...DAY, tenants: sampleTenants(tenants), seed, events: 20_000 }),
      );
      const counts = countBy(other.trim().split('\n').slice(1).map(lineOf), (line) => line.organization);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const top = (n: number): number => counts.slice(0, n).reduce((sum, count) => sum + count, 0) / total;
      expect(top(1)).toBeGreaterThan(0.16);
      expect(top(1)).toBeLessThan(0.52);
      expect(top(10)).toBeGreaterThan(0.63);
      expect(top(10)).toBeLessThan(0.93);
    }
  });

  test('fails in one to two requests of a hundred, in several ways', () => {
    const failed = lines.filter((line) => line.status >= 400);
    expect(failed.length / lines.length).toBeGreaterThan(0.01);
    expect(failed.length / lines.length).toBeLessThan(0.02);
    expect(new Set(failed.map((line) => `${line.status} ${line.error}`))).toEqual(
      new Set(['429 rate_limit_exceeded', '500 internal_error', '503 overloaded', '504 timeout']),
    );
    expect(lines.filter((line) => line.status < 400).every((line) => line.error === '')).toBe(true);
  });

  test('comes in bursts and follows the day', () => {
    const hours = windows(3_600_000);
    expect(Math.max(...hours) / Math.min(...hours)).toBeGreaterThan(3);
    const afternoon = windows(10_000).slice(13 * 360, 16 * 360);
    const mean = afternoon.reduce((sum, count) => sum + count, 0) / afternoon.length;
    const variance = afternoon.reduce((sum, count) => sum + (count - mean) ** 2, 0) / afternoon.length;
    // A Poisson process would have 1.
    expect(variance / mean).toBeGreaterThan(1.3);
  });

  test('reads from the cache about as much as a production trace of conversations does', () => {
    const long = lines.filter((line) => line.model === 'context-pro' && line.status === 200);
    const share =
      long.reduce((sum, line) => sum + line.cached, 0) / long.reduce((sum, line) => sum + line.input, 0);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.45);
  });

  test('takes longer for longer answers', () => {
    const ok = lines.filter((line) => line.model === 'chat-large' && line.status === 200);
    const mean = (some: readonly Line[]): number =>
      some.reduce((sum, line) => sum + line.latencyUs, 0) / some.length;
    expect(mean(ok.filter((line) => line.output > 300))).toBeGreaterThan(
      2 * mean(ok.filter((line) => line.output < 100)),
    );
  });

  test('needs a tenant, a model, a day and an event', async () => {
    for (const wrong of [{ tenants: [] }, { models: [] }, { day: new Date(Number.NaN) }, { events: 0 }]) {
      await expect(collect(generateUsageDay({ ...DAY, ...wrong }))).rejects.toMatchObject({
        code: 'USAGE_OPTION_INVALID',
      });
    }
  });

  test('is of one tenant without keys when that is all there is', async () => {
    const alone = await collect(
      generateUsageDay({ ...DAY, tenants: [{ ...sampleTenants(1)[0]!, keys: [] }], events: 100 }),
    );
    const rows = alone.trim().split('\n').slice(1);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.every((row) => row.split(',')[3] === '')).toBe(true);
  });
});

/** Quantiles of the traces that the shapes were fitted to: 10, 25, 50, 75, 90, 95 and 99 %, and the mean. */
const MEASURED: Readonly<Record<ShapeName, Readonly<Record<'input' | 'output', readonly number[]>>>> = {
  code: {
    input: [147, 578, 1469, 2745, 5194, 7315, 7436, 2047.8],
    output: [7, 9, 13, 24, 55, 90, 252, 27.9],
  },
  conversation: {
    input: [207, 396, 1020, 1189, 2735, 4083, 4142, 1154.7],
    output: [54, 85, 129, 395, 424, 451, 601, 211.1],
  },
  'long-context': {
    input: [964, 2306, 6909, 15_368, 27_367, 39_552, 85_401, 12_035.1],
    output: [24, 156, 350, 472, 597, 698, 1120, 342.6],
  },
};

const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

describe('token lengths', () => {
  for (const shape of Object.keys(MEASURED) as ShapeName[]) {
    for (const side of ['input', 'output'] as const) {
      test(`of ${shape} ${side} are those measured in production, quantile by quantile`, () => {
        const random = randomStream('quantiles', `${shape} ${side}`);
        const drawn = Array.from({ length: 100_000 }, () => drawTokens(REQUEST_SHAPES[shape][side], random));
        const told = summary(drawn);
        MEASURED[shape][side].forEach((measured, index) => {
          // A tail of a few hundred requests is not fitted as closely as the body.
          const tolerance = index === 6 ? 0.35 : 0.2;
          expect(Math.abs(told[index]! - measured)).toBeLessThanOrEqual(Math.max(2, tolerance * measured));
        });
      });
    }
  }

  const TRACES = {
    code: 'azure-llm/AzureLLMInferenceTrace_code.csv',
    conversation: 'azure-llm/AzureLLMInferenceTrace_conv.csv',
    'long-context': 'mooncake/conversation_trace.jsonl',
  } as const;

  for (const [shape, file] of Object.entries(TRACES)) {
    const missing = whyMissing(file);
    test.skipIf(missing !== undefined)(
      `measured for ${shape} are what the real trace has${missing ? ` (skipped: ${missing})` : ''}`,
      () => {
        const requests = readFileSync(join(SHARED_DATA, file), 'utf8')
          .split('\n')
          .map(
            (line) =>
              /(\d+),(\d+)\r?$/.exec(line) ?? /"input_length": (\d+), "output_length": (\d+)/.exec(line),
          )
          .filter((match) => match !== null);
        const measured = MEASURED[shape as ShapeName];
        expect(summary(requests.map((match) => Number(match[1])))).toEqual(measured.input);
        expect(summary(requests.map((match) => Number(match[2])))).toEqual(measured.output);
      },
    );
  }
});

describe('a stream of random numbers', () => {
  test('is the one that its seed and name have always given', () => {
    const random = randomStream('plinth', 'test');
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([3407933331, 2427694464, 3918628535]);
  });

  test('is xoshiro128**, by the reference vector of its state 1, 2, 3, 4', () => {
    const state = new Uint32Array([1, 2, 3, 4]);
    const drawn = Array.from({ length: 10 }, () => nextXoshiro(state));
    expect(drawn).toEqual([
      11_520, 0, 5_927_040, 70_819_200, 2_031_721_883, 1_637_235_492, 1_287_239_034, 3_734_860_849,
      3_729_100_597, 4_258_142_804,
    ]);
  });

  test('is even, and normal where that is asked for', () => {
    const random = randomStream('plinth', 'moments');
    const uniform = Array.from({ length: 100_000 }, random.uniform);
    const normal = Array.from({ length: 100_000 }, random.normal);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(mean(uniform.map((value) => value * value))).toBeCloseTo(1 / 3, 2);
    expect(mean(normal)).toBeCloseTo(0, 1.5);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1.5);
    expect(Math.min(...uniform)).toBeGreaterThan(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
  });
});

function lineOf(line: string): Line {
  const fields = line.split(',');
  const number = (index: number): number => Number(fields[index]);
  return {
    timeMs: Date.parse(fields[1]!),
    organization: fields[2]!,
    model: fields[6]!,
    status: number(9),
    error: fields[10]!,
    input: number(11) + number(12) + number(13),
    cached: number(12),
    output: number(14) + number(15),
    latencyUs: number(17),
  };
}

function windows(widthMs: number): number[] {
  const counts = new Array<number>(86_400_000 / widthMs).fill(0);
  for (const line of lines) {
    counts[Math.floor((line.timeMs % 86_400_000) / widthMs)]! += 1;
  }
  return counts;
}

function countBy<T>(values: readonly T[], keyOf: (value: T) => string): number[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  }
  return [...counts.values()].sort((a, b) => b - a);
}

/** Quantiles by nearest rank, and the mean to a tenth. */
function summary(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    ...SHARES.map((share) => sorted[Math.ceil(share * sorted.length) - 1]!),
    Math.round(mean * 10) / 10,
  ];
}
