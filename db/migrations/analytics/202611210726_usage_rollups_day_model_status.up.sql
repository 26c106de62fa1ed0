-- What:  usage by day (UTC), model, status and currency: the rollup day_model_status.
-- Why:   questions over weeks and months read a row a day instead of 24 with a histogram each, and it outlives the
--        hours that it sums.
--        Made from analytics/rollups; for types, currency and replacing rows see usage by hour, model, status.
-- Locks: none but on the new table.

create table analytics.usage_rollups_day_model_status (
  bucket_start timestamptz not null,
  refreshed_at timestamptz not null default now(),
  requests bigint not null,
  errors bigint not null,
  usage_unknown bigint not null,
  cost_unknown bigint not null,
  input_uncached_tokens bigint not null,
  input_cache_read_tokens bigint not null,
  input_cache_write_tokens bigint not null,
  output_text_tokens bigint not null,
  output_reasoning_tokens bigint not null,
  model_id integer not null,
  status smallint not null,
  currency text not null,
  cost_nanos numeric(38, 0) not null,
  latency_buckets smallint[] not null,
  ttft_buckets smallint[] not null,
  users_registers smallint[] not null,
  users_ranks smallint[] not null,
  latency_counts bigint[] not null,
  ttft_counts bigint[] not null,
  constraint usage_rollups_day_model_status_pkey primary key (bucket_start, model_id, status, currency),
  constraint usage_rollups_day_model_status_bucket_start_check check (
    date_trunc('day', bucket_start at time zone 'UTC') = bucket_start at time zone 'UTC'
  ),
  constraint usage_rollups_day_model_status_counts_check check (
    requests > 0
    and errors between 0 and requests
    and usage_unknown between 0 and requests
    and cost_unknown between 0 and requests
  ),
  constraint usage_rollups_day_model_status_sums_check check (
    input_uncached_tokens >= 0
    and input_cache_read_tokens >= 0
    and input_cache_write_tokens >= 0
    and output_text_tokens >= 0
    and output_reasoning_tokens >= 0
    and cost_nanos >= 0
  ),
  constraint usage_rollups_day_model_status_currency_check check (
    octet_length(currency) = 3
    and translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
  ),
  constraint usage_rollups_day_model_status_lists_check check (
    cardinality(latency_buckets) = cardinality(latency_counts)
    and cardinality(ttft_buckets) = cardinality(ttft_counts)
    and cardinality(users_registers) = cardinality(users_ranks)
  )
);

comment on table analytics.usage_rollups_day_model_status is
  'Load, errors and speed of each model by day (UTC), for questions over weeks and months; kept for good. Each row is the sum of its rows of usage_rollups_hour_model_status; there is none where there are none.';
comment on column analytics.usage_rollups_day_model_status.bucket_start is
  'Beginning of the day (UTC), included; the next one''s beginning is excluded.';
comment on column analytics.usage_rollups_day_model_status.refreshed_at is
  'When the row was last computed from its source.';
comment on column analytics.usage_rollups_day_model_status.requests is
  'Events, at least one.';
comment on column analytics.usage_rollups_day_model_status.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_rollups_day_model_status.usage_unknown is
  'Events whose token counts are not known; they add nothing to the tokens.';
comment on column analytics.usage_rollups_day_model_status.cost_unknown is
  'Events whose cost is not known; they add nothing to cost_nanos.';
comment on column analytics.usage_rollups_day_model_status.input_uncached_tokens is
  'Sum of input tokens read afresh.';
comment on column analytics.usage_rollups_day_model_status.input_cache_read_tokens is
  'Sum of input tokens taken from the provider''s cache.';
comment on column analytics.usage_rollups_day_model_status.input_cache_write_tokens is
  'Sum of input tokens put into the provider''s cache.';
comment on column analytics.usage_rollups_day_model_status.output_text_tokens is
  'Sum of output tokens of answers.';
comment on column analytics.usage_rollups_day_model_status.output_reasoning_tokens is
  'Sum of output tokens of reasoning.';
comment on column analytics.usage_rollups_day_model_status.model_id is
  'Which model; analytics.models.id, not enforced.';
comment on column analytics.usage_rollups_day_model_status.status is
  'HTTP status of the answers, 100 to 599.';
comment on column analytics.usage_rollups_day_model_status.currency is
  'Currency of the costs, as an ISO 4217 code.';
comment on column analytics.usage_rollups_day_model_status.cost_nanos is
  'Sum of the known costs in billionths of the currency unit.';
comment on column analytics.usage_rollups_day_model_status.latency_buckets is
  'Buckets (see analytics.latency_bucket) that hold values of latency_us, rising; empty when none is known.';
comment on column analytics.usage_rollups_day_model_status.ttft_buckets is
  'Buckets (see analytics.latency_bucket) that hold values of ttft_us, rising; empty when none is known.';
comment on column analytics.usage_rollups_day_model_status.users_registers is
  'People who asked, where known; estimated within a standard error of 2.3 %. Registers (0 to 2047) that a value fell into, rising.';
comment on column analytics.usage_rollups_day_model_status.users_ranks is
  'The highest rank (1 to 38) in each of users_registers; merging takes the higher one.';
comment on column analytics.usage_rollups_day_model_status.latency_counts is
  'How many values each of latency_buckets holds.';
comment on column analytics.usage_rollups_day_model_status.ttft_counts is
  'How many values each of ttft_buckets holds.';
comment on index analytics.usage_rollups_day_model_status_pkey is
  'The rows of a span of time; that each is there once.';
