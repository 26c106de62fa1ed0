import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import {
  importUsage,
  type PriceSync,
  publishedPrices,
  readPriceList,
  repriceUsage,
  syncPrices,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, textInput } from './support.js';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase(['operational', 'analytics']);
  session = await db.database.connect();
  await session.run(`
    insert into platform.models (provider, name, display_name, modality) values
      ('openai', 'gpt-5', 'GPT-5', 'text'), ('anthropic', 'claude-opus-4-6', 'Claude', 'text'),
      ('acme', 'large', 'Large', 'text'), ('openai', 'gpt-4o', 'Under contract', 'text');
    insert into platform.model_versions (model_id, version, released_at)
      select id, '2025-08-07', '2025-08-07' from platform.models;
    insert into platform.model_prices (model_version_id, kind, price_nanos, currency, valid, source)
      select v.id, 'input_uncached', 1, 'USD', tstzrange('2025-08-07', null), 'a contract'
        from platform.model_versions as v join platform.models as m on m.id = v.model_id where m.name = 'gpt-4o'`);
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

const NOW = new Date('2026-11-01T00:00:00Z');

function names(list: readonly { readonly provider: string; readonly model: string }[]): string[] {
  return list.map(({ provider, model }) => `${provider} ${model}`);
}

describe('the published prices', () => {
  let first: PriceSync;

  test('are told before they are written', async () => {
    const told = await syncPrices(session, { now: NOW, dryRun: true });
    expect(told.changes.length).toBeGreaterThan(8);
    expect((await readPriceList(session)).length).toBe(1);
  });

  test('come into the price list, tiers too, and what is not there or not ours is told', async () => {
    first = await syncPrices(session, { now: NOW });
    expect(names(first.unknown)).toEqual(['acme large']);
    expect(names(first.ownPrices)).toEqual(['openai gpt-4o']);
    const list = await readPriceList(session);
    const gpt = await publishedPrices('openai', 'gpt-5');
    for (const { kind, priceNanos, aboveInputTokens } of gpt!.prices) {
      expect(list).toContainEqual(
        expect.objectContaining({ model: 'gpt-5', kind, priceNanos, aboveInputTokens, validTo: undefined }),
      );
    }
    expect(
      list.some((price) => price.model === 'claude-opus-4-6' && price.aboveInputTokens === 200_000),
    ).toBe(true);
    expect(list.find(({ model }) => model === 'gpt-5')!.validFrom).toEqual(new Date('2025-08-07T00:00:00Z'));
  });

  test('change nothing when they come again', async () => {
    expect((await syncPrices(session, { now: NOW })).changes).toEqual([]);
  });

  test('end a price that differs and begin another: none is overwritten', async () => {
    await session.run(`
      update platform.model_prices set price_nanos = 999
       where kind = 'output_text'
         and model_version_id = (select v.id from platform.model_versions as v
                                   join platform.models as m on m.id = v.model_id where m.name = 'gpt-5')`);
    const { changes } = await syncPrices(session, { now: NOW });
    expect(changes).toMatchObject([{ model: 'gpt-5', kind: 'output_text', oldNanos: 999n, validFrom: NOW }]);
    const outputs = (await readPriceList(session)).filter(
      ({ model, kind }) => model === 'gpt-5' && kind === 'output_text',
    );
    expect(outputs.map(({ priceNanos, validFrom, validTo }) => [priceNanos, validFrom, validTo])).toEqual([
      [999n, new Date('2025-08-07T00:00:00Z'), NOW],
      [changes[0]!.newNanos, NOW, undefined],
    ]);
  });
});

describe('events that are priced again', () => {
  const FILE =
    'event_time,provider,model,input_uncached_tokens,output_text_tokens,cost_nanos\n' +
    '2026-10-01T00:00:00Z,openai,gpt-5,1000000,0,\n' +
    '2026-10-01T00:30:00Z,openai,gpt-5,0,1000000,\n' +
    '2026-10-01T00:40:00Z,acme,large,5,5,\n' +
    '2026-10-01T00:50:00Z,openai,gpt-5,5,5,77\n';
  const SPAN = { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-10-02T00:00:00Z') };

  async function costs() {
    const rows = await session.query<{ cost_nanos: bigint | null }>(
      'select cost_nanos from analytics.usage_events order by event_time',
    );
    return rows.map(({ cost_nanos }) => cost_nanos);
  }

  test('get the cost of the price list as it is now, and keep what they cost before', async () => {
    await importUsage(session, { input: textInput(FILE), organizationId: ORGANIZATION, prices: [] });
    expect(await costs()).toEqual([null, null, null, 77n]);
    const prices = await readPriceList(session);
    const told = await repriceUsage(session, { ...SPAN, prices, reason: 'a look', dryRun: true });
    expect(told).toMatchObject({ events: 3, corrected: 2, unknown: 1 });
    expect(await costs()).toEqual([null, null, null, 77n]);

    expect(await repriceUsage(session, { ...SPAN, prices, reason: 'prices came late' })).toEqual({
      events: 3,
      corrected: 2,
      unknown: 1,
      before: [{ currency: 'USD', nanos: 0n }],
      after: [{ currency: 'USD', nanos: 1_250_000_999n }],
    });
    expect(await costs()).toEqual([1_250_000_000n, 999n, null, 77n]);
    expect(
      await session.query(
        'select old_cost_nanos, new_cost_nanos, new_price_id is not null as priced, reason from analytics.cost_corrections order by event_time',
      ),
    ).toEqual([
      { old_cost_nanos: null, new_cost_nanos: 1_250_000_000n, priced: true, reason: 'prices came late' },
      { old_cost_nanos: null, new_cost_nanos: 999n, priced: true, reason: 'prices came late' },
    ]);
  });

  test('are left alone when nothing has changed', async () => {
    const prices = await readPriceList(session);
    expect(await repriceUsage(session, { ...SPAN, prices, reason: 'again' })).toMatchObject({ corrected: 0 });
  });

  test('are read batch after batch, each once', async () => {
    const rows = Array.from(
      { length: 12_001 },
      (_, index) =>
        `${new Date(Date.UTC(2026, 9, 3) + (index % 4000) * 1000).toISOString()},openai,gpt-5,${index},1`,
    );
    await importUsage(session, {
      input: textInput(
        `event_time,provider,model,input_uncached_tokens,output_text_tokens\n${rows.join('\n')}`,
      ),
      organizationId: ORGANIZATION,
      prices: [],
    });
    const prices = await readPriceList(session);
    const span = { from: new Date('2026-10-03T00:00:00Z'), to: new Date('2026-10-04T00:00:00Z') };
    expect(await repriceUsage(session, { ...span, prices, reason: 'batches' })).toMatchObject({
      events: 12_001,
      corrected: 12_001,
    });
  });
});
