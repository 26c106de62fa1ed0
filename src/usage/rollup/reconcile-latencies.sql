-- Latency buckets of the hours that do not hold as many latencies as their events have.
-- $1 beginning, $2 end of whole buckets, $3 grain, $4 how many to show.
with source as (
  select
    organization_id,
    date_trunc($3, event_time, 'UTC') as bucket_start,
    model_id,
    currency,
    analytics.latency_bucket(latency_us) as latency_bucket,
    count(*) as latencies
  from analytics.usage_events
  where event_time >= $1::timestamptz and event_time < $2::timestamptz and latency_us is not null
  group by 1, 2, 3, 4, 5
),
rollup as (
  select organization_id, bucket_start, model_id, currency, h.latency_bucket, h.latencies
  from analytics.usage_rollups_hour
  cross join lateral unnest(latency_buckets, latency_counts) as h (latency_bucket, latencies)
  where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
)
select
  organization_id, bucket_start, model_id, currency,
  'latency_bucket_' || latency_bucket as measure,
  s.latencies::text as source,
  r.latencies::text as rollup,
  count(*) over () as mismatch_count
from source as s
full join rollup as r using (organization_id, bucket_start, model_id, currency, latency_bucket)
where s.latencies is distinct from r.latencies
order by bucket_start, organization_id, model_id, currency, latency_bucket
limit $4
