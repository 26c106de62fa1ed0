-- The hours of a span, summed over organizations and models, with merged latency histograms; a row for each
-- hour and currency. $1 beginning, $2 end of whole buckets, $3 organization and $4 model, or null for all.
with chosen as (
  select *
  from analytics.usage_rollups_hour
  where bucket_start >= $1::timestamptz
    and bucket_start < $2::timestamptz
    and ($3::uuid is null or organization_id = $3::uuid)
    and ($4::integer[] is null or model_id = any ($4::integer[]))
),
histogram as (
  select
    bucket_start,
    currency,
    array_agg(latency_bucket order by latency_bucket) as latency_buckets,
    array_agg(latencies order by latency_bucket) as latency_counts
  from (
    select bucket_start, currency, h.latency_bucket, sum(h.latencies)::bigint as latencies
    from chosen
    cross join lateral unnest(latency_buckets, latency_counts) as h (latency_bucket, latencies)
    group by bucket_start, currency, h.latency_bucket
  ) as merged
  group by bucket_start, currency
),
sums as (
  select
    bucket_start,
    currency,
    sum(requests)::bigint as requests,
    sum(errors)::bigint as errors,
    sum(usage_unknown)::bigint as usage_unknown,
    sum(cost_unknown)::bigint as cost_unknown,
    sum(input_uncached_tokens)::bigint as input_uncached_tokens,
    sum(input_cache_read_tokens)::bigint as input_cache_read_tokens,
    sum(input_cache_write_tokens)::bigint as input_cache_write_tokens,
    sum(output_text_tokens)::bigint as output_text_tokens,
    sum(output_reasoning_tokens)::bigint as output_reasoning_tokens,
    sum(cost_nanos)::text as cost_nanos
  from chosen
  group by bucket_start, currency
)
select sums.*, histogram.latency_buckets, histogram.latency_counts
from sums
left join histogram using (bucket_start, currency)
order by bucket_start, currency
