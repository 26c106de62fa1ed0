-- Sums over a whole span, of the events and of the hours, by currency.
-- $1 beginning, $2 end of whole buckets.
select
  'source' as side,
  currency,
  count(*)::text as requests,
  count(*) filter (where status >= 400 or error_type is not null)::text as errors,
  count(*) filter (where not usage_known)::text as usage_unknown,
  count(*) filter (where cost_nanos is null)::text as cost_unknown,
  coalesce(sum(input_uncached_tokens), 0)::text as input_uncached_tokens,
  coalesce(sum(input_cache_read_tokens), 0)::text as input_cache_read_tokens,
  coalesce(sum(input_cache_write_tokens), 0)::text as input_cache_write_tokens,
  coalesce(sum(output_text_tokens), 0)::text as output_text_tokens,
  coalesce(sum(output_reasoning_tokens), 0)::text as output_reasoning_tokens,
  coalesce(sum(cost_nanos), 0)::text as cost_nanos,
  count(latency_us)::text as latency_count
from analytics.usage_events
where event_time >= $1::timestamptz and event_time < $2::timestamptz
group by currency
union all
select
  'rollup',
  currency,
  sum(requests)::text,
  sum(errors)::text,
  sum(usage_unknown)::text,
  sum(cost_unknown)::text,
  sum(input_uncached_tokens)::text,
  sum(input_cache_read_tokens)::text,
  sum(input_cache_write_tokens)::text,
  sum(output_text_tokens)::text,
  sum(output_reasoning_tokens)::text,
  sum(cost_nanos)::text,
  sum(latency_count)::text
from analytics.usage_rollups_hour
where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
group by currency
order by currency, side
