-- Reservations that were given back and never paid, whose budgets are living: $1 organization, $2 of periods that
-- begin from this time on, $3 after this id, $4 how many.
select distinct r.id
from platform.budget_reservations as r
join platform.budgets as b on b.organization_id = r.organization_id and b.id = r.budget_id
where r.organization_id = $1::uuid
  and r.id > $3::uuid
  and r.period_start >= $2::timestamptz
  and r.settled_at is null
  and r.released_at is not null
  and b.deleted_at is null
order by r.id
limit $4
