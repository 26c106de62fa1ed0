-- What:  usage by day (UTC), organization, model and currency: the shape of usage by minute.
-- Why:   reports over weeks and months, and what is kept when finer rows have gone.
--        For types, currency and replacing rows see usage by minute.
-- Locks: none but on the new table.

create table analytics.usage_rollups_day (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  requests bigint not null,
  errors bigint not null default 0,
  usage_unknown bigint not null default 0,
  cost_unknown bigint not null default 0,
  input_uncached_tokens bigint not null default 0,
  input_cache_read_tokens bigint not null default 0,
  input_cache_write_tokens bigint not null default 0,
  output_text_tokens bigint not null default 0,
  output_reasoning_tokens bigint not null default 0,
  latency_count bigint not null default 0,
  refreshed_at timestamptz not null default now(),
  model_id integer not null,
  currency text not null,
  cost_nanos numeric(38, 0) not null default 0,
  latency_buckets smallint[],
  latency_counts bigint[],
  constraint usage_rollups_day_pkey primary key (organization_id, bucket_start, model_id, currency),
  constraint usage_rollups_day_bucket_start_check check (
    date_trunc('day', bucket_start at time zone 'UTC') = bucket_start at time zone 'UTC'
  ),
  constraint usage_rollups_day_requests_check check (
    requests > 0
    and errors between 0 and requests
    and usage_unknown between 0 and requests
    and cost_unknown between 0 and requests
    and latency_count between 0 and requests
  ),
  constraint usage_rollups_day_tokens_check check (
    input_uncached_tokens >= 0
    and input_cache_read_tokens >= 0
    and input_cache_write_tokens >= 0
    and output_text_tokens >= 0
    and output_reasoning_tokens >= 0
  ),
  constraint usage_rollups_day_currency_check check (
    octet_length(currency) = 3
    and translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
  ),
  constraint usage_rollups_day_cost_nanos_check check (cost_nanos >= 0),
  -- Both or neither; the function is not asked about a row that keeps no histogram.
  constraint usage_rollups_day_latency_check check (
    (latency_buckets is null) = (latency_counts is null)
    and (
      latency_buckets is null
      or analytics.is_latency_histogram(latency_buckets, latency_counts, latency_count)
    )
  )
);

create index usage_rollups_day_bucket_start_idx
  on analytics.usage_rollups_day (bucket_start);

comment on table analytics.usage_rollups_day is
  'Usage by day (UTC), organization, model and currency. Each row equals the sum of its events; no row where there are none.';
comment on column analytics.usage_rollups_day.organization_id is
  'The tenant.';
comment on column analytics.usage_rollups_day.bucket_start is
  'Beginning of the day (UTC), included; the next one''s beginning is excluded.';
comment on column analytics.usage_rollups_day.requests is
  'Events, at least one.';
comment on column analytics.usage_rollups_day.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_rollups_day.usage_unknown is
  'Events whose token counts are not known; they add nothing to the tokens.';
comment on column analytics.usage_rollups_day.cost_unknown is
  'Events whose cost is not known; they add nothing to cost_nanos.';
comment on column analytics.usage_rollups_day.input_uncached_tokens is
  'Sum of input tokens read afresh.';
comment on column analytics.usage_rollups_day.input_cache_read_tokens is
  'Sum of input tokens taken from the provider''s cache.';
comment on column analytics.usage_rollups_day.input_cache_write_tokens is
  'Sum of input tokens put into the provider''s cache.';
comment on column analytics.usage_rollups_day.output_text_tokens is
  'Sum of output tokens of answers.';
comment on column analytics.usage_rollups_day.output_reasoning_tokens is
  'Sum of output tokens of reasoning.';
comment on column analytics.usage_rollups_day.latency_count is
  'Events whose latency is known.';
comment on column analytics.usage_rollups_day.refreshed_at is
  'When the row was last computed from its events.';
comment on column analytics.usage_rollups_day.model_id is
  'Which model; analytics.models.id, not enforced.';
comment on column analytics.usage_rollups_day.currency is
  'Currency of cost_nanos, as an ISO 4217 code.';
comment on column analytics.usage_rollups_day.cost_nanos is
  'Sum of the known costs in billionths of the currency unit. Cannot overflow: 2^63 costs below 2^63 need 38 digits.';
comment on column analytics.usage_rollups_day.latency_buckets is
  'Buckets (see analytics.latency_bucket) that hold latencies, rising; null when the row keeps no histogram.';
comment on column analytics.usage_rollups_day.latency_counts is
  'How many latencies each of latency_buckets holds; their sum is latency_count. Null together with it.';
comment on index analytics.usage_rollups_day_pkey is
  'The days of one organization in a span of time; that each row is there once.';
comment on index analytics.usage_rollups_day_bucket_start_idx is
  'All organizations in a span of days: totals of the platform, and what is too old.';
