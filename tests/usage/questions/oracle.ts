/** The answers by plain SQL over the events, with PostgreSQL's own time zones. */
import type { Session } from '../../../src/database/index.js';
import type { UsageSums } from '../../../src/usage/index.js';

const SUMS = `
  count(*) as requests,
  count(*) filter (where e.status >= 400 or e.error_type is not null) as errors,
  count(*) filter (where not e.usage_known) as usage_unknown,
  count(*) filter (where e.cost_nanos is null) as cost_unknown,
  sum(e.input_uncached_tokens + e.input_cache_read_tokens + e.input_cache_write_tokens)::text as input_tokens,
  sum(e.output_text_tokens + e.output_reasoning_tokens)::text as output_tokens,
  coalesce(sum(e.cost_nanos) filter (where e.currency = 'USD'), 0)::text as usd,
  coalesce(sum(e.cost_nanos) filter (where e.currency = 'EUR'), 0)::text as eur,
  percentile_disc(0.95) within group (order by e.latency_us) as p95_us`;

export interface PlainSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly usage_unknown: bigint;
  readonly cost_unknown: bigint;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly usd: string;
  readonly eur: string;
  readonly p95_us: bigint | null;
}

/** Sums by a key, which is SQL over `e`, as text. */
export async function plainSums(
  session: Session,
  key: string,
  { where = 'true', values = [] as unknown[] } = {},
): Promise<Map<string, PlainSums>> {
  const rows = await session.query<PlainSums & { key: string | null }>(
    `select (${key})::text as key, ${SUMS} from analytics.usage_events as e where ${where} group by 1`,
    values,
  );
  return new Map(rows.map(({ key: name, ...sums }) => [String(name), sums]));
}

/** An answer's sums in the same form; percentiles apart. */
export function comparable(sums: UsageSums): Omit<PlainSums, 'p95_us'> {
  const cost = (code: string) => String(sums.costs.find(({ currency }) => currency === code)?.nanos ?? 0n);
  return {
    requests: sums.requests,
    errors: sums.errors,
    usage_unknown: sums.usageUnknown,
    cost_unknown: sums.costUnknown,
    input_tokens: String(sums.inputTokens),
    output_tokens: String(sums.outputTokens),
    usd: cost('USD'),
    eur: cost('EUR'),
  };
}

export function withoutPercentile({ p95_us: _, ...sums }: PlainSums): Omit<PlainSums, 'p95_us'> {
  return sums;
}

/** Whether a percentile is at most 1 % from the exact one. */
export function isNear(found: number | undefined, exact: bigint | null): boolean {
  return exact === null ? found === undefined : Math.abs(found! - Number(exact)) <= 0.01 * Number(exact) + 1;
}
