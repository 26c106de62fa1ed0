-- What:  usage events: one row for each request that a model answered, or did not.
-- Why:   the source of every number about usage. Append-only in practice; corrections are new events.
--        - Daily partitions by event time (UTC): upkeep makes them ahead, seals and drops them whole.
--          No default partition: an event without a day is an error to see, not a heap that blocks
--          the making of that day.
--        - The key holds the time, and the time is the time in the id, by a check. So a replayed event
--          meets itself in the same partition and the same key, and "on conflict do nothing" is all
--          that deduplication needs.
--        - No foreign keys: events come in by the million, each key would cost a look-up and a row lock
--          in another table; they may come before or after what they refer to, and analytics may be in
--          another database. Quality checks count the orphans instead.
--        - Input and output tokens are five disjoint buckets; totals are sums. Providers differ in
--          what their totals include, which is the first cause of wrong cost.
--        - Columns by falling alignment (16 and 8 bytes that are always there, 8 bytes that may be
--          null, 4, 2, 1, then unaligned uuid and text), so that a row has no padding.
--        Marks of what must be rolled up again, and sealing, come with the rollups' machinery.
-- Locks: none but on the new table.

create table analytics.usage_events (
  organization_id uuid not null,
  event_time timestamptz not null,
  event_id uuid not null,
  ingested_at timestamptz not null default now(),
  input_uncached_tokens bigint not null default 0,
  input_cache_read_tokens bigint not null default 0,
  input_cache_write_tokens bigint not null default 0,
  output_text_tokens bigint not null default 0,
  output_reasoning_tokens bigint not null default 0,
  ttft_us bigint,
  latency_us bigint,
  cost_nanos bigint,
  model_id integer not null,
  status smallint not null,
  usage_known boolean not null,
  api_key_id uuid,
  user_id uuid,
  price_id uuid,
  batch_id uuid,
  operation text not null,
  currency text not null default 'USD',
  cost_source text,
  source text not null,
  region text,
  error_type text,
  parts jsonb,
  constraint usage_events_pkey primary key (organization_id, event_time, event_id),
  -- Not just "=": for an id of another version the function is null, and a check lets null pass.
  constraint usage_events_event_time_check check (
    event_time is not distinct from analytics.uuid_v7_time(event_id)
  ),
  -- A billion tokens in one event is beyond any model; with it, sums of bigint hold nine billion such events.
  constraint usage_events_tokens_check check (
    input_uncached_tokens >= 0
    and input_uncached_tokens <= 1000000000
    and input_cache_read_tokens >= 0
    and input_cache_read_tokens <= 1000000000
    and input_cache_write_tokens >= 0
    and input_cache_write_tokens <= 1000000000
    and output_text_tokens >= 0
    and output_text_tokens <= 1000000000
    and output_reasoning_tokens >= 0
    and output_reasoning_tokens <= 1000000000
  ),
  constraint usage_events_usage_known_check check (
    usage_known
    or (
      input_uncached_tokens = 0
      and input_cache_read_tokens = 0
      and input_cache_write_tokens = 0
      and output_text_tokens = 0
      and output_reasoning_tokens = 0
    )
  ),
  constraint usage_events_ttft_us_check check (
    ttft_us >= 0
    and (latency_us is null or ttft_us <= latency_us)
  ),
  constraint usage_events_latency_us_check check (latency_us between 0 and 86400000000),
  constraint usage_events_cost_nanos_check check (cost_nanos >= 0),
  constraint usage_events_cost_source_check check (
    (cost_source is null) = (cost_nanos is null)
    and (cost_source is null or cost_source in ('local', 'provider'))
  ),
  constraint usage_events_price_id_check check (
    price_id is null
    or cost_source is not distinct from 'local'
  ),
  constraint usage_events_status_check check (status between 100 and 599),
  constraint usage_events_operation_check check (
    operation in (
      'chat',
      'text_completion',
      'generate_content',
      'embeddings',
      'rerank',
      'moderation',
      'image_generation',
      'speech',
      'transcription',
      'other'
    )
  ),
  -- Translate and lengths, not regular expressions: three of those took half of the time of an insert.
  constraint usage_events_currency_check check (
    octet_length(currency) = 3
    and translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
  ),
  constraint usage_events_source_check check (octet_length(source) between 1 and 64),
  constraint usage_events_region_check check (octet_length(region) between 1 and 64),
  constraint usage_events_error_type_check check (octet_length(error_type) between 1 and 128),
  constraint usage_events_parts_check check (jsonb_typeof(parts) = 'object')
) partition by range (event_time);

-- A block range index: events arrive nearly in order of time, so a few kilobytes find an hour in a day.
create index usage_events_event_time_idx
  on analytics.usage_events
  using brin (event_time)
  with (pages_per_range = 32);

comment on table analytics.usage_events is
  'One row for each request to a model, as reported once: what it used, took and cost. Daily partitions (UTC). No prompts and no answers, ever.';
comment on column analytics.usage_events.organization_id is
  'The tenant that asked; platform.organizations.id, not enforced.';
comment on column analytics.usage_events.event_time is
  'When the request began, in whole milliseconds; equal to the time in event_id. Chooses the partition.';
comment on column analytics.usage_events.event_id is
  'UUID of version 7, minted by the gateway, or derived from time, source and foreign id so that a retry gives the same one.';
comment on column analytics.usage_events.ingested_at is
  'When the row was written.';
comment on column analytics.usage_events.input_uncached_tokens is
  'Input tokens read afresh. The three input buckets are disjoint: input is their sum.';
comment on column analytics.usage_events.input_cache_read_tokens is
  'Input tokens taken from the provider''s cache.';
comment on column analytics.usage_events.input_cache_write_tokens is
  'Input tokens read and put into the provider''s cache.';
comment on column analytics.usage_events.output_text_tokens is
  'Output tokens of the answer itself. The two output buckets are disjoint: output is their sum.';
comment on column analytics.usage_events.output_reasoning_tokens is
  'Output tokens of reasoning before the answer.';
comment on column analytics.usage_events.ttft_us is
  'Microseconds until the first token, at most latency_us; null when not known or not streamed.';
comment on column analytics.usage_events.latency_us is
  'Microseconds until the answer was complete, up to one day; null when not known.';
comment on column analytics.usage_events.cost_nanos is
  'Cost in billionths of the currency unit; null when the price is not known, never zero for that.';
comment on column analytics.usage_events.model_id is
  'Which model; analytics.models.id, not enforced.';
comment on column analytics.usage_events.status is
  'HTTP status of the answer, 100 to 599. From 400 on, or with an error_type, the request is an error.';
comment on column analytics.usage_events.usage_known is
  'Whether the token counts are known. If not they are all zero, and are not to be read as zero.';
comment on column analytics.usage_events.api_key_id is
  'The key that asked; platform.api_keys.id within the organization, not enforced; null when a person asked.';
comment on column analytics.usage_events.user_id is
  'The person who asked; platform.users.id, not enforced; null when not known. Personal data.';
comment on column analytics.usage_events.price_id is
  'A price (platform.model_prices.id) that cost_nanos was computed with; its version and currency at event_time give the prices of the other kinds. Null unless cost_source is local.';
comment on column analytics.usage_events.batch_id is
  'The import that brought the event; analytics.import_batches.id, not enforced; null for live events.';
comment on column analytics.usage_events.operation is
  'What was asked for: chat, text_completion, generate_content, embeddings, rerank, moderation, image_generation, speech, transcription or other.';
comment on column analytics.usage_events.currency is
  'Currency the event is charged in, as an ISO 4217 code, even while its cost is not known.';
comment on column analytics.usage_events.cost_source is
  'local: computed from our prices. provider: reported by the provider. Null exactly when the cost is not known.';
comment on column analytics.usage_events.source is
  'Who reported the event, such as gateway, 1 to 64 bytes; for an import the source of its batch.';
comment on column analytics.usage_events.region is
  'Where it was served, such as eu-west-1, 1 to 64 bytes; null when not known.';
comment on column analytics.usage_events.error_type is
  'Kind of error, such as timeout, 1 to 128 bytes; also for an answer that broke off after status 200. Null when all went well.';
comment on column analytics.usage_events.parts is
  'What some of the tokens were, and calls that the provider made, where they may be priced apart: whole numbers by name, such as input_audio, input_cache_write_1h, web_search. Null for none.';
comment on index analytics.usage_events_pkey is
  'The events of an organization in a span of time; that an event is there once.';
comment on index analytics.usage_events_event_time_idx is
  'All events of a minute or an hour within their day, to roll them up.';
