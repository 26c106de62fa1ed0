-- From the first to the last time that has an event or a rollup.
select least(e.first, r.first) as first, greatest(e.last, r.last) as last
from (
  select min(event_time) as first, max(event_time) as last from analytics.usage_events
) as e
cross join (
  select min(bucket_start) as first, max(bucket_start) as last from analytics.usage_rollups_hour
) as r
