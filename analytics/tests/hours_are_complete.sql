-- No hour of the last week is silent between two that are not: a gap is more often a broken pipe than a quiet hour.
-- plinth: kind=completeness severity=warning
with hours as (
  select bucket_start, sum(requests) as requests
  from analytics.usage_rollups_hour_model_status
  where bucket_start >= date_trunc('hour', now(), 'UTC') - interval '7 days'
  group by bucket_start
)
select silent.hour as silent_hour
from (select min(bucket_start) as first, max(bucket_start) as last from hours) as span
cross join lateral generate_series(span.first, span.last, interval '1 hour') as silent (hour)
where not exists (select from hours where hours.bucket_start = silent.hour)
order by silent_hour
