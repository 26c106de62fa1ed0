-- Moves the staged rows to the events. An event that is there already, or twice in the file, is left alone.
-- In the order of the key, so that two imports of the same events wait for each other and never lock up.
-- $1 batch, $2 source, $3 ids of the models in the order of model_index.
with inserted as (
  insert into analytics.usage_events (
    organization_id, event_time, event_id, batch_id, source, api_key_id, user_id, model_id, operation, region,
    status, error_type, usage_known, input_uncached_tokens, input_cache_read_tokens, input_cache_write_tokens,
    output_text_tokens, output_reasoning_tokens, ttft_us, latency_us, price_id, cost_nanos, currency, cost_source,
    parts
  )
  select
    s.organization_id, analytics.uuid_v7_time(s.event_id), s.event_id, $1::uuid, $2::text, s.api_key_id, s.user_id,
    m.model_id, s.operation, s.region, s.status, s.error_type, s.usage_known, s.input_uncached_tokens,
    s.input_cache_read_tokens, s.input_cache_write_tokens, s.output_text_tokens, s.output_reasoning_tokens,
    s.ttft_us, s.latency_us, s.price_id, s.cost_nanos, s.currency, s.cost_source, s.parts
  from pg_temp.usage_import as s
  join unnest($3::integer[]) with ordinality as m (model_id, number) on m.number = s.model_index + 1
  order by s.organization_id, s.event_id
  on conflict (organization_id, event_time, event_id) do nothing
  returning 1
)
select count(*) as inserted from inserted
