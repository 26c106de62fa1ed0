import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import {
  eventCost,
  importUsage,
  type Price,
  type PriceKind,
  type PriceList,
  priceFinder,
  readPriceList,
  type TokenCounts,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, SCOPE, textInput, usageEvent } from './support.js';

const NOON = new Date('2026-03-01T12:00:00Z');

function price(kind: PriceKind, priceNanos: bigint, changes: Partial<Price> = {}): Price {
  return {
    priceId: `0190a004-0000-7000-8000-00000000000${kind.length % 10}`,
    provider: 'acme',
    model: 'large',
    version: '1',
    kind,
    currency: 'USD',
    priceNanos,
    aboveInputTokens: 0,
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validTo: undefined,
    ...changes,
  };
}

function tokens(changes: Partial<TokenCounts>): TokenCounts {
  return {
    inputUncached: 0,
    inputCacheRead: 0,
    inputCacheWrite: 0,
    outputText: 0,
    outputReasoning: 0,
    ...changes,
  };
}

function nanos(list: PriceList, changes: Parameters<typeof usageEvent>[0]): bigint | undefined {
  return eventCost(usageEvent({ eventTime: NOON, ...changes }), priceFinder(list))?.nanos;
}

describe('the cost of an event', () => {
  test('is the exact sum of tokens times prices, rounded once, half up', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 });
    const rate = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 11n }),
      fc.bigInt({ min: 0n, max: 10n ** 9n / 2n }),
    );
    fc.assert(
      fc.property(
        fc.tuple(amount, amount, amount, amount, amount),
        fc.tuple(rate, rate, rate, rate, rate, rate),
        ([a, b, c, d, e], [pa, pb, pc, pd, pe, request]) => {
          const list = [
            price('input_uncached', pa),
            price('input_cache_read', pb),
            price('input_cache_write', pc),
            price('output_text', pd),
            price('output_reasoning', pe),
            price('request', request),
          ];
          const counts = tokens({
            inputUncached: a,
            inputCacheRead: b,
            inputCacheWrite: c,
            outputText: d,
            outputReasoning: e,
          });
          const sum = BigInt(a) * pa + BigInt(b) * pb + BigInt(c) * pc + BigInt(d) * pd + BigInt(e) * pe;
          expect(nanos(list, { tokens: counts })).toBe(request + (sum + 500_000n) / 1_000_000n);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('rounds a half up and less than a half down', () => {
    const list = [price('input_uncached', 1n)];
    const cost = (count: number): bigint | undefined =>
      nanos(list, { tokens: tokens({ inputUncached: count }) });
    expect([499_999, 500_000, 1_499_999, 1_500_000].map(cost)).toEqual([0n, 1n, 1n, 2n]);
  });

  test('is not known without tokens, without a price, in another currency, or beyond 2^63', () => {
    const list = [price('input_uncached', 1n)];
    expect(nanos(list, { tokens: undefined })).toBeUndefined();
    expect(nanos(list, { tokens: tokens({ inputUncached: 1, outputText: 1 }) })).toBeUndefined();
    expect(nanos(list, { model: 'unknown' })).toBeUndefined();
    expect(nanos(list, { currency: 'EUR' })).toBeUndefined();
    const dear = [price('input_uncached', 2n ** 62n)];
    expect(nanos(dear, { tokens: tokens({ inputUncached: 1_000_000_000 }) })).toBeUndefined();
  });

  test('of cache and reasoning tokens without a price of their own is that of input and output', () => {
    const list = [price('input_uncached', 1_000_000n), price('output_text', 3_000_000n)];
    expect(
      nanos(list, { tokens: tokens({ inputCacheRead: 5, inputCacheWrite: 7, outputReasoning: 11 }) }),
    ).toBe(45n);
  });

  test('of a request is charged when it was answered', () => {
    const list = [price('request', 42n)];
    expect(nanos(list, { tokens: tokens({}) })).toBe(42n);
    expect(nanos(list, { tokens: tokens({}), status: 429 })).toBe(0n);
  });

  test('follows the price of its moment: the beginning is included, the end is not', () => {
    const change = new Date('2026-02-01T00:00:00Z');
    const list = [
      price('input_uncached', 1_000_000n, { validTo: change }),
      price('input_uncached', 2_000_000n, { validFrom: change, validTo: new Date('2026-03-01T00:00:00Z') }),
    ];
    const at = (time: string): bigint | undefined =>
      nanos(list, { eventTime: new Date(time), tokens: tokens({ inputUncached: 1 }) });
    expect(at('2025-12-31T23:59:59.999Z')).toBeUndefined();
    expect(at('2026-01-01T00:00:00.000Z')).toBe(1n);
    expect(at('2026-01-31T23:59:59.999Z')).toBe(1n);
    expect(at('2026-02-01T00:00:00.000Z')).toBe(2n);
    expect(at('2026-03-01T00:00:00.000Z')).toBeUndefined();
  });

  test('is, for all of its tokens, that of the tier which the input reaches', () => {
    const list = [
      price('input_uncached', 1_000_000n),
      price('input_uncached', 2_000_000n, { aboveInputTokens: 100 }),
      price('input_uncached', 5_000_000n, { aboveInputTokens: 1000 }),
      price('output_text', 3_000_000n),
      price('output_text', 4_000_000n, { aboveInputTokens: 100 }),
    ];
    const of = (inputUncached: number, inputCacheRead: number): bigint | undefined =>
      nanos(list, { tokens: tokens({ inputUncached, inputCacheRead, outputText: 10 }) });
    expect([of(100, 0), of(101, 0), of(50, 51), of(1000, 0), of(1000, 1)]).toEqual([
      130n,
      242n,
      242n,
      2040n,
      5045n,
    ]);
  });

  test('of a part with a price of its own is that price, of any other that of its bucket', () => {
    const list = [
      price('input_uncached', 1_000_000n),
      price('input_cache_write', 2_000_000n),
      price('input_cache_write_1h', 3_000_000n),
      price('input_audio', 10_000_000n),
      price('output_text', 4_000_000n),
      price('web_search', 1000n),
    ];
    const counts = tokens({ inputUncached: 100, inputCacheWrite: 50, outputText: 8 });
    expect(nanos(list, { tokens: counts })).toBe(232n);
    expect(
      nanos(list, {
        tokens: counts,
        parts: {
          input_audio: 10,
          input_image: 20,
          input_cache_write_1h: 5,
          output_audio: 3,
          web_search: 2,
          storage_search: 4,
        },
      }),
    ).toBe(232n + 90n + 5n + 2000n);
  });

  test('is that of the latest version, unless the event names another', () => {
    const list = [
      price('input_uncached', 1_000_000n, { version: '2025-06-01' }),
      price('input_uncached', 2_000_000n, { version: '2026-01-01' }),
    ];
    const of = (model: string): bigint | undefined =>
      nanos(list, { model, tokens: tokens({ inputUncached: 1 }) });
    expect([of('large'), of('large-2025-06-01'), of('large-2026-01-01'), of('large-1')]).toEqual([
      2n,
      1n,
      2n,
      undefined,
    ]);
  });
});

describe('the price list of a database', () => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase(['operational', 'analytics']);
    session = await db.database.connect();
    await session.run(`
      insert into platform.models (provider, name, display_name, modality) values ('acme', 'large', 'Large', 'text');
      insert into platform.model_versions (model_id, version, released_at)
        select id, v, r::timestamptz from platform.models, (values ('b', '2025-01-01'), ('a', '2026-02-01')) as t (v, r);
      insert into platform.model_prices (model_version_id, price_nanos, kind, currency, valid, source)
        select id, case version when 'a' then 3000000000 else 5000000000 end, kind, 'USD',
               case version when 'a' then tstzrange('2026-02-01', null) else tstzrange('2025-01-01', '2026-06-01') end,
               'the test'
          from platform.model_versions, (values ('input_uncached'), ('output_text')) as k (kind)`);
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  test('is read with versions in the order of their release', async () => {
    const list = await readPriceList(session);
    expect(list.map(({ version, kind, priceNanos }) => [version, kind, priceNanos])).toEqual([
      ['b', 'input_uncached', 5_000_000_000n],
      ['b', 'output_text', 5_000_000_000n],
      ['a', 'input_uncached', 3_000_000_000n],
      ['a', 'output_text', 3_000_000_000n],
    ]);
    expect(list[0]).toMatchObject({
      validFrom: new Date('2025-01-01T00:00:00Z'),
      validTo: new Date('2026-06-01T00:00:00Z'),
    });
    expect(list[3]!.validTo).toBeUndefined();
  });

  test('is frozen on the events of an import, and what it does not cover is counted', async () => {
    const prices = await readPriceList(session);
    const result = await importUsage(session, {
      ...SCOPE,
      prices,
      input: textInput(
        'event_time,model,input_uncached_tokens,output_text_tokens,cost_nanos\n' +
          '2026-01-15T00:00:00Z,,100,10,\n2026-03-01T00:00:00Z,,100,10,\n2026-03-01T00:00:00Z,other,1,1,\n2026-03-01T00:00:00Z,other,1,1,9\n',
      ),
    });
    expect(result.totals).toMatchObject({
      costUnknown: 1,
      costs: [{ currency: 'USD', nanos: 550_000n + 330_000n + 9n }],
    });
    const rows = await session.query(
      `select e.cost_nanos, e.cost_source, p.kind, v.version
         from analytics.usage_events as e
         left join platform.model_prices as p on p.id = e.price_id
         left join platform.model_versions as v on v.id = p.model_version_id
        order by e.event_time, e.cost_nanos nulls last`,
    );
    expect(rows).toEqual([
      { cost_nanos: 550_000n, cost_source: 'local', kind: 'input_uncached', version: 'b' },
      { cost_nanos: 9n, cost_source: 'provider', kind: null, version: null },
      { cost_nanos: 330_000n, cost_source: 'local', kind: 'input_uncached', version: 'a' },
      { cost_nanos: null, cost_source: null, kind: null, version: null },
    ]);
  });
});
