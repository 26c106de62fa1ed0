/**
 * The events of a month, a day at a time, drawn by DuckDB: organizations with a heavy tail, each with keys, people and
 * models of its own; token counts with a long tail; ids of version 7. The same day is the same each time.
 */
import type { DuckDb } from '../../../src/database/index.js';

export const MONTH = {
  from: new Date('2026-03-01T00:00:00Z'),
  to: new Date('2026-04-01T00:00:00Z'),
} as const;

/** `YYYY-MM-DD`, in order. */
export const DAYS: readonly string[] = Array.from(
  { length: 31 },
  (_, index) => `2026-03-${String(index + 1).padStart(2, '0')}`,
);

export const MODELS = 8;

/** Organization `rank` of `count`; 1 is the one with the most events. */
export function organizationId(rank: number): string {
  return `0190a000-0000-7000-8000-${rank.toString(16).padStart(12, '0')}`;
}

/** The tables that `dayEvents` draws from. */
export async function makeDimensions(duckdb: DuckDb, organizations: number): Promise<void> {
  await duckdb.run(`
    create table organizations as
    select
      rank,
      ${uuid('0190a000', 'rank')} as organization_id,
      [${uuid('0190a002', 'rank * 3 + i')} for i in [0, 1, 2]] as api_keys,
      [${uuid('0190a003', 'rank * 5 + i')} for i in [0, 1, 2, 3, 4]] as users
    from range(1, ${organizations + 1}) as r (rank);
    create table models as
    select number, ${uuid('0190a004', 'number')} as price_id, 'sample-' || number as name
    from range(${MODELS}) as r (number)`);
}

function uuid(prefix: string, number: string): string {
  return `('${prefix}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/**
 * A query of the events of a day, with the columns of a file of the history. Ranks are drawn so that their logarithm
 * is even: of 10,000 organizations the first has 7.5 % of the events and the ten first a quarter.
 */
export function dayEvents(day: string, events: number, organizations: number): string {
  const span = Math.log(organizations + 1);
  const salt = DAYS.indexOf(day) * 1_000_003;
  const drawn = (draw: number): string => `hash(n * 40503 + ${salt + draw}::ubigint)`;
  const even = (draw: number): string => `((${drawn(draw)} >> 11)::double / 9007199254740992)`;
  return `
    with ranked as (
      select range::ubigint as n, least(floor(exp(range * ${span}::double / ${events})), ${organizations})::bigint as rank
      from range(${events})
    ),
    shaped as (
      select
        n, rank,
        (rank * 7 + (${drawn(1)} % 3)::bigint * (${drawn(2)} % 2)::bigint) % ${MODELS} as number,
        1 + (${drawn(3)} % 3)::bigint as api_key,
        (20 + 6000 * pow(${even(4)}, 3))::bigint as input,
        (1 + 900 * pow(${even(5)}, 3))::bigint as output,
        ${drawn(6)} % 67 = 0 as failed,
        ${even(7)} as slowness,
        epoch_ms(timestamptz '${day} 00:00:00+00') + (${even(8)} * 86399999)::bigint as ms
      from ranked
    )
    select
      o.organization_id,
      make_timestamptz(ms * 1000) as event_time,
      (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(${drawn(9)} >> 52), 3, '0')
        || '8' || lpad(to_hex(${drawn(10)} >> 4), 15, '0'))::uuid as event_id,
      make_timestamptz(ms * 1000 + 340000 + (slowness * 8e6)::bigint) as ingested_at,
      (case when n % 2 = 0 then input else input // 4 end)::bigint as input_uncached_tokens,
      (case when n % 2 = 0 then 0 else input - input // 4 end)::bigint as input_cache_read_tokens,
      0::bigint as input_cache_write_tokens,
      (case when failed then 0 else output end)::bigint as output_text_tokens,
      0::bigint as output_reasoning_tokens,
      ((200 + slowness * 2000)::bigint * 1000) as ttft_us,
      ((300 + slowness * 8000)::bigint * 1000) as latency_us,
      (input * (100 + 300 * number) + output * (400 + 1200 * number))::bigint as cost_nanos,
      (1 + number)::integer as model_id,
      (case when failed then 500 else 200 end)::smallint as status,
      true as usage_known,
      o.api_keys[api_key] as api_key_id,
      case when n % 2 = 0 then o.users[1 + (n % 5)::bigint] end as user_id,
      m.price_id,
      null::uuid as batch_id,
      'sample' as provider,
      m.name as model,
      'chat' as operation,
      'USD' as currency,
      'local' as cost_source,
      'gateway' as source,
      'eu-west-1' as region,
      case when failed then 'server_error' end as error_type,
      null::varchar as parts
    from shaped
    join organizations as o using (rank)
    join models as m using (number)`;
}
