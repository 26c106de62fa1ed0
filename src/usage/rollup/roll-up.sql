-- The hours of a span from their events: first by latency bucket as well, then those buckets into arrays.
-- $1 grain, $2 beginning (included) and $3 end (excluded) of whole buckets.
with written as (
  insert into analytics.usage_rollups_hour (
    organization_id, bucket_start, model_id, currency, requests, errors, usage_unknown, cost_unknown,
    input_uncached_tokens, input_cache_read_tokens, input_cache_write_tokens, output_text_tokens,
    output_reasoning_tokens, cost_nanos, latency_count, latency_buckets, latency_counts
  )
  select
    organization_id, bucket_start, model_id, currency,
    sum(requests), sum(errors), sum(usage_unknown), sum(cost_unknown),
    sum(input_uncached_tokens), sum(input_cache_read_tokens), sum(input_cache_write_tokens),
    sum(output_text_tokens), sum(output_reasoning_tokens), sum(cost_nanos),
    coalesce(sum(requests) filter (where latency_bucket is not null), 0),
    coalesce(array_agg(latency_bucket order by latency_bucket) filter (where latency_bucket is not null), '{}'),
    coalesce(array_agg(requests order by latency_bucket) filter (where latency_bucket is not null), '{}')
  from (
    select
      organization_id,
      date_trunc($1, event_time, 'UTC') as bucket_start,
      model_id,
      currency,
      analytics.latency_bucket(latency_us) as latency_bucket,
      count(*) as requests,
      count(*) filter (where status >= 400 or error_type is not null) as errors,
      count(*) filter (where not usage_known) as usage_unknown,
      count(*) filter (where cost_nanos is null) as cost_unknown,
      sum(input_uncached_tokens)::bigint as input_uncached_tokens,
      sum(input_cache_read_tokens)::bigint as input_cache_read_tokens,
      sum(input_cache_write_tokens)::bigint as input_cache_write_tokens,
      sum(output_text_tokens)::bigint as output_text_tokens,
      sum(output_reasoning_tokens)::bigint as output_reasoning_tokens,
      coalesce(sum(cost_nanos), 0) as cost_nanos
    from analytics.usage_events
    where event_time >= $2::timestamptz and event_time < $3::timestamptz
    group by 1, 2, 3, 4, 5
  ) as by_latency
  group by organization_id, bucket_start, model_id, currency
  returning 1
)
select count(*) as rows from written
