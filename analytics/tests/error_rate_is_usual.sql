-- Yesterday each model's error rate was at most three times that of the week before and two points: more is an incident or a wrong adapter.
-- plinth: kind=distribution severity=warning
with days as (
  select date_trunc('day', bucket_start, 'UTC') as day, model_id, sum(requests) as requests, sum(errors) as errors
  from analytics.usage_rollups_hour_model_status
  where bucket_start >= date_trunc('day', now(), 'UTC') - interval '8 days'
    and bucket_start < date_trunc('day', now(), 'UTC')
  group by 1, 2
),
compared as (
  select
    model_id,
    sum(requests) filter (where is_last) as requests,
    sum(errors) filter (where is_last) as errors,
    sum(requests) filter (where not is_last) as usual_requests,
    sum(errors) filter (where not is_last) as usual_errors
  from (select *, day = date_trunc('day', now(), 'UTC') - interval '1 day' as is_last from days) as marked
  group by model_id
)
select m.provider, m.name as model, c.requests, c.errors, c.usual_requests, c.usual_errors
from compared as c
join analytics.models as m on m.id = c.model_id
where c.requests >= 1000 and c.usual_requests >= 1000
  and c.errors / c.requests > 3 * c.usual_errors / c.usual_requests + 0.02
order by m.provider, m.name
