-- The known costs of events: $1 organization, $2 their ids.
select e.event_id::text as id, e.cost_nanos
from unnest($2::uuid[]) as wanted (id)
join analytics.usage_events as e
  on e.organization_id = $1::uuid
  and e.event_time = analytics.uuid_v7_time(wanted.id)
  and e.event_id = wanted.id
where e.cost_nanos is not null
order by e.event_id
