-- Of each model's successful requests of a day at most 2 % come without token counts: more is an adapter that does not read them.
-- plinth: kind=completeness
select
  date_trunc('day', r.bucket_start, 'UTC') as day, m.provider, m.name as model,
  sum(r.requests) as requests, sum(r.usage_unknown) as usage_unknown
from analytics.usage_rollups_hour_model_status as r
join analytics.models as m on m.id = r.model_id
where r.bucket_start >= date_trunc('day', now(), 'UTC') - interval '30 days' and r.status < 400
group by 1, 2, 3
having sum(r.requests) >= 100 and sum(r.usage_unknown) > 0.02 * sum(r.requests)
order by day, provider, model
