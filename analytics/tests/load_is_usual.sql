-- Yesterday's requests are between a fifth and five times the mean of the week before: beyond that events are lost or doubled.
-- plinth: kind=distribution severity=warning
with days as (
  select date_trunc('day', bucket_start, 'UTC') as day, sum(requests) as requests
  from analytics.usage_rollups_hour_model_status
  where bucket_start >= date_trunc('day', now(), 'UTC') - interval '8 days'
    and bucket_start < date_trunc('day', now(), 'UTC')
  group by 1
),
compared as (
  select
    coalesce(sum(requests) filter (where day = date_trunc('day', now(), 'UTC') - interval '1 day'), 0) as requests,
    avg(requests) filter (where day < date_trunc('day', now(), 'UTC') - interval '1 day') as usual_requests
  from days
)
select requests, round(usual_requests) as usual_requests
from compared
where usual_requests >= 1000 and requests not between usual_requests / 5 and usual_requests * 5
