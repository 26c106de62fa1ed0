-- The living budgets of an organization in the period that a time lies in. $1 organization, $2 the time.
select
  b.id,
  b.name,
  b.period,
  b.currency,
  p.period_start,
  b.limit_nanos,
  b.soft_threshold_percent,
  b.hard_threshold_percent,
  coalesce(c.spent, 0)::text as spent_nanos,
  coalesce(c.reserved, 0)::text as reserved_nanos,
  coalesce(a.raised, '{}') as alerts
from platform.budgets as b
join platform.organizations as o on o.id = b.organization_id
cross join lateral platform.budget_period_start(b.period, b.starts_at, o.time_zone, $2) as p (period_start)
left join lateral (
  select sum(spent_nanos) as spent, sum(reserved_nanos) as reserved
  from platform.budget_counters
  where organization_id = b.organization_id
    and budget_id = b.id
    and period_start = p.period_start
) as c on true
left join lateral (
  select array_agg(threshold order by raised_at) as raised
  from platform.budget_alerts
  where organization_id = b.organization_id
    and budget_id = b.id
    and period_start = p.period_start
) as a on true
where b.organization_id = $1
  and b.deleted_at is null
order by b.currency, b.period, b.id
