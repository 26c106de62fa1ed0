-- One event, or nulls, and whether the file of its day is what counts. The time of an event is in its id, so one
-- partition is asked and no other. $1 organization, $2 event.
select
  day.is_in_history,
  e.event_id, e.event_time, e.ingested_at, e.organization_id, e.batch_id, e.source, e.api_key_id, e.user_id,
  coalesce(m.provider, 'unknown') as provider, coalesce(m.name, 'unknown') as model, e.operation, e.region, e.status,
  e.error_type, e.usage_known,
  e.input_uncached_tokens, e.input_cache_read_tokens, e.input_cache_write_tokens, e.output_text_tokens,
  e.output_reasoning_tokens, e.ttft_us, e.latency_us, e.price_id, e.cost_nanos, e.currency, e.cost_source,
  e.parts
from (
  select exists (
    select from analytics.usage_segments as s
    where s.day = (analytics.uuid_v7_time($2::uuid) at time zone 'UTC')::date
      and s.sealed_at is not null and s.replaced_at is null
  ) as is_in_history
) as day
left join analytics.usage_events as e
  on e.organization_id = $1::uuid
  and e.event_time = analytics.uuid_v7_time($2::uuid)
  and e.event_id = $2::uuid
left join analytics.models as m on m.id = e.model_id
