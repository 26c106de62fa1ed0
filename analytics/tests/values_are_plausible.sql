-- No event of the last two days has what no request can have: more than ten million tokens, a cost above 1,000 units, or a time ahead of its arrival.
-- plinth: kind=ranges
select event_id, event_time, ingested_at, model_id,
  input_uncached_tokens + input_cache_read_tokens + input_cache_write_tokens as input_tokens,
  output_text_tokens + output_reasoning_tokens as output_tokens,
  cost_nanos
from analytics.usage_events
where event_time >= now() - interval '2 days'
  and (
    input_uncached_tokens + input_cache_read_tokens + input_cache_write_tokens > 10000000
    or output_text_tokens + output_reasoning_tokens > 10000000
    or cost_nanos > 1000000000000
    or event_time > ingested_at + interval '5 minutes'
  )
order by event_time
