-- What of the hours is not the sum of their events: a row for each measure that differs, or that only one side
-- has. Other SQL than the rollup's own, on purpose: one level of grouping, buckets by arithmetic.
-- $1 beginning, $2 end of whole buckets, $3 grain, $4 how many to show.
with source as (
  select
    organization_id,
    case
      when $3::text = 'month' then
        make_date(
          extract(year from event_time at time zone 'UTC')::integer,
          extract(month from event_time at time zone 'UTC')::integer,
          1
        )::timestamp at time zone 'UTC'
      else date_bin(('1 ' || $3::text)::interval, event_time, timestamptz '2000-01-01 00:00:00+00')
    end as bucket_start,
    model_id,
    currency,
    count(*) as requests,
    sum(case when status >= 400 or error_type is not null then 1 else 0 end) as errors,
    sum(case when usage_known then 0 else 1 end) as usage_unknown,
    count(*) - count(cost_nanos) as cost_unknown,
    sum(input_uncached_tokens) as input_uncached_tokens,
    sum(input_cache_read_tokens) as input_cache_read_tokens,
    sum(input_cache_write_tokens) as input_cache_write_tokens,
    sum(output_text_tokens) as output_text_tokens,
    sum(output_reasoning_tokens) as output_reasoning_tokens,
    coalesce(sum(cost_nanos), 0) as cost_nanos,
    count(latency_us) as latency_count
  from analytics.usage_events
  where event_time >= $1::timestamptz and event_time < $2::timestamptz
  group by 1, 2, 3, 4
),
rollup as (
  select *
  from analytics.usage_rollups_hour
  where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
)
select
  organization_id, bucket_start, model_id, currency,
  m.measure, m.source::text as source, m.rollup::text as rollup,
  count(*) over () as mismatch_count
from source as s
full join rollup as r using (organization_id, bucket_start, model_id, currency)
cross join lateral (
  values
    ('requests', s.requests::numeric, r.requests::numeric),
    ('errors', s.errors, r.errors),
    ('usage_unknown', s.usage_unknown, r.usage_unknown),
    ('cost_unknown', s.cost_unknown, r.cost_unknown),
    ('input_uncached_tokens', s.input_uncached_tokens, r.input_uncached_tokens),
    ('input_cache_read_tokens', s.input_cache_read_tokens, r.input_cache_read_tokens),
    ('input_cache_write_tokens', s.input_cache_write_tokens, r.input_cache_write_tokens),
    ('output_text_tokens', s.output_text_tokens, r.output_text_tokens),
    ('output_reasoning_tokens', s.output_reasoning_tokens, r.output_reasoning_tokens),
    ('cost_nanos', s.cost_nanos, r.cost_nanos),
    ('latency_count', s.latency_count, r.latency_count)
) as m (measure, source, rollup)
where m.source is distinct from m.rollup
order by bucket_start, organization_id, model_id, currency, m.measure
limit $4
