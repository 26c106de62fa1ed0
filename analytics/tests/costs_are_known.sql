-- Of each model's requests of a day whose tokens are known at most 1 % are without a cost: more is a price that is missing.
-- plinth: kind=completeness severity=warning
select
  date_trunc('day', r.bucket_start, 'UTC') as day, m.provider, m.name as model,
  sum(r.requests) as requests, sum(r.cost_unknown) as cost_unknown, sum(r.usage_unknown) as usage_unknown
from analytics.usage_rollups_hour_model_status as r
join analytics.models as m on m.id = r.model_id
where r.bucket_start >= date_trunc('day', now(), 'UTC') - interval '30 days'
group by 1, 2, 3
having sum(r.requests) >= 100 and sum(r.cost_unknown) - sum(r.usage_unknown) > 0.01 * sum(r.requests)
order by day, provider, model
