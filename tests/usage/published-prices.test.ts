import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calcPrice, extractUsage, findProvider } from '@pydantic/genai-prices';
import { describe, expect, test } from 'vitest';
import {
  eventCost,
  type PayloadUsage,
  type PriceList,
  priceFinder,
  publishedPrices,
  usageOfPayload,
} from '../../src/usage/index.js';
import { SHARED_DATA, usageEvent } from './support.js';

/** Answers as providers give them, with the tokens and prices that are expected of each. */
const ORACLE = join(SHARED_DATA, 'genai-prices/usages.json');
/** A day at which the prices of the oracle were in force. */
const THEN = new Date('2026-08-01T12:00:00Z');

interface Answer {
  readonly body: unknown;
  readonly model?: string;
  readonly extracted: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly extractors: readonly Expected[];
  }[];
}

interface Expected {
  readonly provider_id: string;
  readonly api_flavor: string;
  readonly input_price?: string;
  readonly output_price?: string;
  readonly total_price?: string;
}

async function priceList(provider: string, model: string): Promise<PriceList | undefined> {
  const published = await publishedPrices(provider, model);
  return published?.prices.map((price, index) => ({
    ...price,
    validFrom: price.validFrom ?? new Date('2000-01-01T00:00:00Z'),
    priceId: `price ${index}`,
    provider,
    model,
    version: '1',
    currency: 'USD',
  }));
}

async function nanosOf(provider: string, model: string, used: PayloadUsage): Promise<number | undefined> {
  const list = await priceList(provider, model);
  const { tokens, parts } = used;
  const event = usageEvent({ provider, model, tokens, parts, eventTime: THEN });
  const cost = list && eventCost(event, priceFinder(list));
  return cost && Number(cost.nanos);
}

function inNanos(dollars: number): number {
  return Math.round(dollars * 1e9);
}

describe.skipIf(!existsSync(ORACLE))('the oracle of payloads and prices', () => {
  const answers: readonly Answer[] = existsSync(ORACLE) ? JSON.parse(readFileSync(ORACLE, 'utf8')) : [];
  const cases = answers.flatMap(({ body, model, extracted }) =>
    extracted.flatMap(({ usage, extractors }) =>
      extractors.map((expected) => ({ body, model, usage, expected })),
    ),
  );

  test('has its tokens read from every answer: buckets add up to the totals', async () => {
    for (const { body, usage, expected } of cases) {
      const { tokens } = await usageOfPayload(body, {
        provider: expected.provider_id,
        flavor: expected.api_flavor,
      });
      const input = tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite;
      expect(input, JSON.stringify(expected)).toBe(usage.input_tokens ?? 0);
      expect(tokens.outputText + tokens.outputReasoning, JSON.stringify(expected)).toBe(
        usage.output_tokens ?? 0,
      );
    }
    expect(cases.length).toBe(9545);
  });

  test('has the price that it expects wherever the published list is still the one it was made with', async () => {
    let same = 0;
    const changed: string[] = [];
    const notCovered: string[] = [];
    for (const { body, model: named, usage, expected } of cases) {
      if (expected.input_price === undefined) {
        continue;
      }
      const { provider_id: provider, api_flavor: flavor } = expected;
      const used = await usageOfPayload(body, { provider, flavor });
      const model = named ?? used.model ?? '';
      if ((await publishedPrices(provider, model))?.notCovered.includes('prices by the time of day')) {
        notCovered.push(`${provider} ${model}`);
        continue;
      }
      const nanos = await nanosOf(provider, model, used);
      // What the list makes of it today, by the package's own arithmetic in doubles.
      const today = calcPrice(
        extractUsage(findProvider({ providerId: provider })!, body, flavor).usage,
        model,
        {
          providerId: provider,
          timestamp: THEN,
        },
      );
      // A model that is listed without a price costs nothing there; here its cost is not known.
      const isPriced = ((await priceList(provider, model)) ?? []).length > 0;
      expect(nanos, `${provider} ${model} ${JSON.stringify(usage)}`).toBe(
        today && isPriced ? inNanos(today.total_price) : undefined,
      );
      const wanted = inNanos(
        Number(expected.total_price ?? Number(expected.input_price) + Number(expected.output_price ?? 0)),
      );
      if (nanos === wanted) {
        same += 1;
      } else {
        changed.push(`${provider} ${model}: ${nanos} instead of ${wanted}`);
      }
    }
    console.log(
      `${same} prices as the oracle has them, ${changed.length} changed in the list since:\n${changed.join('\n')}`,
    );
    expect({ same, changed: changed.length, notCovered: notCovered.length }).toEqual({
      same: 1703,
      changed: 25,
      notCovered: 3,
    });
  });
});
