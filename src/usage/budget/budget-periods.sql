-- What has been counted of living budgets, by period: $1 an organization or null for all, $2 periods that end after this
-- time, $3 settled after this time is recent. A total budget has one period, without end.
select
  b.organization_id,
  b.id as budget_id,
  b.name,
  b.period,
  b.currency,
  c.period_start,
  e.period_end,
  c.spent::text as spent_nanos,
  c.reserved::text as reserved_nanos,
  coalesce(r.recent, 0)::text as recent_nanos,
  coalesce(r.unpaid, 0) as unpaid
from platform.budgets as b
join platform.organizations as o on o.id = b.organization_id
join lateral (
  select period_start, sum(spent_nanos) as spent, sum(reserved_nanos) as reserved
  from platform.budget_counters
  where organization_id = b.organization_id
    and budget_id = b.id
  group by period_start
) as c on true
cross join lateral (
  select case
    when b.period <> 'total' then
      (
        date_trunc(b.period, c.period_start at time zone o.time_zone) + ('1 ' || b.period)::interval
      ) at time zone o.time_zone
  end as period_end
) as e
left join lateral (
  select
    sum(spent_nanos) filter (where settled_at > $3::timestamptz) as recent,
    count(*) filter (where settled_at is null and released_at is not null) as unpaid
  from platform.budget_reservations
  where organization_id = b.organization_id
    and budget_id = b.id
    and period_start = c.period_start
    and (settled_at > $3::timestamptz or (settled_at is null and released_at is not null))
) as r on true
where b.organization_id = coalesce($1::uuid, b.organization_id)
  and b.deleted_at is null
  and (e.period_end is null or e.period_end > $2::timestamptz)
order by b.organization_id, b.currency, b.period, c.period_start
