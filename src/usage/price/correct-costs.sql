-- Sets the costs of events that nobody has changed since they were read, and keeps what they were.
-- $1 the corrections as JSON, $2 the reason. Returns how many events were corrected.
with wanted as (
  select *
  from jsonb_to_recordset($1::jsonb) as w (
    organization_id uuid, event_time timestamptz, event_id uuid, old_cost_nanos bigint, new_cost_nanos bigint,
    old_price_id uuid, new_price_id uuid
  )
),
corrected as (
  update analytics.usage_events as e
  set
    cost_nanos = w.new_cost_nanos,
    price_id = w.new_price_id,
    cost_source = case when w.new_cost_nanos is not null then 'local' end
  from wanted as w
  where e.organization_id = w.organization_id
    and e.event_time = w.event_time
    and e.event_id = w.event_id
    and (e.cost_nanos, e.price_id) is not distinct from (w.old_cost_nanos, w.old_price_id)
  returning w.*
),
kept as (
  insert into analytics.cost_corrections (
    organization_id, event_time, event_id, old_cost_nanos, new_cost_nanos, old_price_id, new_price_id, reason
  )
  select organization_id, event_time, event_id, old_cost_nanos, new_cost_nanos, old_price_id, new_price_id, $2
  from corrected
  returning 1
)
select count(*) as corrected from kept
