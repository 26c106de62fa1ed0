-- Records many events at once; returns the ids of those that were not there. In the order of the key, so that two
-- batches with the same events wait for each other and never lock up. $1 the events as JSON, $2 who reports them.
insert into analytics.usage_events (
  organization_id, event_time, event_id, source, api_key_id, user_id, model_id, operation, region, status,
  error_type, usage_known, input_uncached_tokens, input_cache_read_tokens, input_cache_write_tokens,
  output_text_tokens, output_reasoning_tokens, ttft_us, latency_us, price_id, cost_nanos, currency, cost_source,
  parts
)
select
  organization_id, analytics.uuid_v7_time(event_id), event_id, $2, api_key_id, user_id, model_id, operation, region,
  status, error_type, tokens is not null, coalesce(tokens[1], 0), coalesce(tokens[2], 0), coalesce(tokens[3], 0),
  coalesce(tokens[4], 0), coalesce(tokens[5], 0), ttft_us, latency_us, price_id, cost_nanos, currency, cost_source,
  parts
from jsonb_to_recordset($1::jsonb) as e (
  organization_id uuid, event_id uuid, api_key_id uuid, user_id uuid, model_id integer, operation text, region text,
  status smallint, error_type text, tokens bigint[], ttft_us bigint, latency_us bigint, price_id uuid,
  cost_nanos bigint, currency text, cost_source text, parts jsonb
)
order by organization_id, event_id
on conflict (organization_id, event_time, event_id) do nothing
returning event_id
