-- How far the upkeep of the platform is: reservations that have run out and are still held, and until when months of
-- the audit trail are made without a gap from this one on. $1 now.
with months as (
  select
    (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\)'))[1]::timestamptz as starts_at,
    (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as ends_at
  from pg_catalog.pg_inherits as i
  join pg_catalog.pg_class as c on c.oid = i.inhrelid
  where i.inhparent = 'platform.audit_events'::regclass
),
held as (
  select count(*) as reservations, min(expires_at) as oldest
  from platform.budget_reservations
  where settled_at is null
    and released_at is null
    and expires_at <= $1
)
select
  (
    select min(m.ends_at)
    from months as m
    where m.ends_at > $1
      and not exists (select 1 from months as n where n.starts_at = m.ends_at)
      and exists (select 1 from months as t where t.starts_at <= $1 and t.ends_at > $1)
  ) as audit_made_until,
  exists (select 1 from months) as has_audit_partitions,
  held.reservations,
  held.oldest as oldest_expired_at
from held
