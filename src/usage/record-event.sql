-- Records one event; none is returned when it is there already. $4 the numbers of five token buckets, or null.
insert into analytics.usage_events (
  organization_id, event_time, event_id, source, api_key_id, user_id, model_id, operation, region, status,
  error_type, usage_known, input_uncached_tokens, input_cache_read_tokens, input_cache_write_tokens,
  output_text_tokens, output_reasoning_tokens, ttft_us, latency_us, price_id, cost_nanos, currency, cost_source,
  parts
)
values (
  $1::uuid, analytics.uuid_v7_time($2::uuid), $2::uuid, $3, $5, $6, $7, $8, $9, $10,
  $11, $4::bigint[] is not null, coalesce(($4::bigint[])[1], 0), coalesce(($4::bigint[])[2], 0),
  coalesce(($4::bigint[])[3], 0), coalesce(($4::bigint[])[4], 0), coalesce(($4::bigint[])[5], 0),
  $12, $13, $14, $15, $16, $17, $18
)
on conflict (organization_id, event_time, event_id) do nothing
returning event_id
