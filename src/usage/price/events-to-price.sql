-- The next events of a span whose cost was computed here or is not known, in the order of their key.
-- $1 from, $2 to, $3 organization or null, $4 to $6 the key after which to go on, or null, $7 how many.
select
  e.organization_id, e.event_time, e.event_id, m.provider, m.name as model, e.operation, e.status, e.currency,
  e.input_uncached_tokens, e.input_cache_read_tokens, e.input_cache_write_tokens, e.output_text_tokens,
  e.output_reasoning_tokens, e.parts, e.cost_nanos, e.price_id
from analytics.usage_events as e
join analytics.models as m on m.id = e.model_id
where e.event_time >= $1
  and e.event_time < $2
  and ($3::uuid is null or e.organization_id = $3)
  and e.usage_known
  and e.cost_source is distinct from 'provider'
  and ($4::timestamptz is null or (e.event_time, e.organization_id, e.event_id) > ($4, $5::uuid, $6::uuid))
order by e.event_time, e.organization_id, e.event_id
limit $7
