/** Events for tests of rollups: drawn at random, put into the table by plain SQL, and given to DuckDB as a table. */
import fc from 'fast-check';
import type { DuckDb, Session } from '../../../src/database/index.js';
import { derivedEventId } from '../../../src/usage/event-id.js';
import { ensureUsagePartitions } from '../../../src/usage/index.js';
import { ORGANIZATION, OTHER_ORGANIZATION } from '../support.js';
import type { EventRow } from './by-hand.js';

/** The columns that the rollups' tests set. */
const COLUMNS = {
  organization_id: 'uuid',
  event_time: 'timestamptz',
  event_id: 'uuid',
  input_uncached_tokens: 'bigint',
  input_cache_read_tokens: 'bigint',
  input_cache_write_tokens: 'bigint',
  output_text_tokens: 'bigint',
  output_reasoning_tokens: 'bigint',
  ttft_us: 'bigint',
  latency_us: 'bigint',
  cost_nanos: 'bigint',
  model_id: 'integer',
  status: 'smallint',
  usage_known: 'boolean',
  api_key_id: 'uuid',
  user_id: 'uuid',
  operation: 'text',
  currency: 'text',
  cost_source: 'text',
  source: 'text',
  error_type: 'text',
} as const;

const NAMES = Object.keys(COLUMNS);

/** Around a turn of the year, and so of a month, a day and an hour. */
const FROM = Date.UTC(2025, 11, 31, 22, 58);
const SPAN = { from: new Date('2025-12-31T00:00:00Z'), to: new Date('2026-01-02T00:00:00Z') };

const tokens = fc.oneof(fc.constant(0n), fc.constant(1_000_000_000n), fc.bigInt({ min: 0n, max: 100_000n }));
const micros = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 86_400_000_000n }));
const id = (kind: string, most: number) =>
  fc
    .integer({ min: 1, max: most })
    .map((n) => `0190a00${kind}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);

let drawn = 0;

export const anyEventRow: fc.Arbitrary<EventRow> = fc
  .record({
    organization_id: fc.constantFrom(ORGANIZATION, OTHER_ORGANIZATION),
    offset: fc.oneof(
      fc.integer({ min: 0, max: 3 * 3_600_000 }),
      fc.constantFrom(0, 119_999, 120_000, 3_719_999, 3_720_000),
    ),
    isKnown: fc.boolean(),
    buckets: fc.tuple(tokens, tokens, tokens, tokens, tokens),
    latency: fc.option(fc.tuple(micros, fc.option(micros))),
    cost_nanos: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
    model_id: fc.constantFrom(1, 2),
    status: fc.constantFrom(200, 399, 400, 503),
    api_key_id: fc.option(id('2', 3)),
    user_id: fc.option(id('3', 200)),
    currency: fc.constantFrom('USD', 'EUR'),
    error_type: fc.option(fc.constant('timeout')),
  })
  .map(({ offset, isKnown, buckets, latency, ...row }) => {
    const timeMs = FROM + offset;
    const [latency_us, ttft] = latency ?? [null, null];
    const count = (index: number): bigint => (isKnown ? buckets[index]! : 0n);
    drawn += 1;
    return {
      ...row,
      event_time: new Date(timeMs),
      event_id: derivedEventId(timeMs, {
        source: 'test',
        organizationId: row.organization_id,
        line: drawn,
        raw: '',
      }),
      input_uncached_tokens: count(0),
      input_cache_read_tokens: count(1),
      input_cache_write_tokens: count(2),
      output_text_tokens: count(3),
      output_reasoning_tokens: count(4),
      latency_us,
      ttft_us: ttft !== null && latency_us !== null && ttft <= latency_us ? ttft : null,
      usage_known: isKnown,
      operation: 'chat',
      cost_source: row.cost_nanos === null ? null : 'provider',
      source: 'test',
    };
  });

/** Inserts rows as a service does; those that are there already are left alone. */
export async function insertEvents(
  session: Session,
  rows: readonly EventRow[],
  table = 'analytics.usage_events',
) {
  const unnested = Object.values(COLUMNS).map((type, index) => `$${index + 1}::${type}[]`);
  await session.query(
    `insert into ${table} (${NAMES.join(', ')}) select * from unnest(${unnested.join(', ')}) on conflict do nothing`,
    NAMES.map((name) => rows.map((row) => row[name] ?? null)),
  );
}

export async function prepareDays(session: Session): Promise<void> {
  await ensureUsagePartitions(session, SPAN);
}

/** The rows as a table `usage_events` of DuckDB. */
export async function loadDuckDb(duckDb: DuckDb, rows: readonly EventRow[]): Promise<void> {
  const types = Object.entries(COLUMNS).map(
    ([name, type]) => `${name} ${type === 'text' ? 'varchar' : type}`,
  );
  await duckDb.run(`create or replace table usage_events (${types.join(', ')})`);
  const literal = (value: unknown): string =>
    value === null || value === undefined
      ? 'null'
      : value instanceof Date
        ? `'${value.toISOString()}'`
        : typeof value === 'string'
          ? `'${value}'`
          : String(value);
  if (rows.length > 0) {
    const values = rows.map((row) => `(${NAMES.map((name) => literal(row[name])).join(', ')})`);
    await duckDb.run(`insert into usage_events values ${values.join(', ')}`);
  }
}
