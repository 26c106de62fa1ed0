-- What:  usage by day (UTC), organization, key, model and currency: the rollup day_organization_key_model.
-- Why:   the finest breakdown that is kept of all organizations: nearly as many rows as events where tenants
--        are many and small, so it holds sums alone.
--        Made from analytics/rollups; for types, currency and replacing rows see usage by hour, model, status.
--        Of a tenant with more keys or models than its caps, those with the fewest events are one row.
--        Requests without a key are one row: the key of the table takes nulls for equal.
-- Locks: none but on the new table.

create table analytics.usage_rollups_day_organization_key_model (
  organization_id uuid not null,
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
  api_key_id uuid,
  currency text not null,
  cost_nanos numeric(38, 0) not null,
  constraint usage_rollups_day_organization_key_model_key unique nulls not distinct (organization_id, bucket_start, api_key_id, model_id, currency),
  constraint usage_rollups_day_organization_key_model_bucket_start_check check (
    date_trunc('day', bucket_start at time zone 'UTC') = bucket_start at time zone 'UTC'
  ),
  constraint usage_rollups_day_organization_key_model_counts_check check (
    requests > 0
    and errors between 0 and requests
    and usage_unknown between 0 and requests
    and cost_unknown between 0 and requests
  ),
  constraint usage_rollups_day_organization_key_model_sums_check check (
    input_uncached_tokens >= 0
    and input_cache_read_tokens >= 0
    and input_cache_write_tokens >= 0
    and output_text_tokens >= 0
    and output_reasoning_tokens >= 0
    and cost_nanos >= 0
  ),
  constraint usage_rollups_day_organization_key_model_currency_check check (
    octet_length(currency) = 3
    and translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
  )
);

create index usage_rollups_day_organization_key_model_bucket_start_idx
  on analytics.usage_rollups_day_organization_key_model (bucket_start);

comment on table analytics.usage_rollups_day_organization_key_model is
  'Who used which model with which key, by day (UTC); the finest breakdown that is kept of all organizations. Each row is the sum of its events; there is none where there are none.';
comment on column analytics.usage_rollups_day_organization_key_model.organization_id is
  'The tenant.';
comment on column analytics.usage_rollups_day_organization_key_model.bucket_start is
  'Beginning of the day (UTC), included; the next one''s beginning is excluded.';
comment on column analytics.usage_rollups_day_organization_key_model.refreshed_at is
  'When the row was last computed from its source.';
comment on column analytics.usage_rollups_day_organization_key_model.requests is
  'Events, at least one.';
comment on column analytics.usage_rollups_day_organization_key_model.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_rollups_day_organization_key_model.usage_unknown is
  'Events whose token counts are not known; they add nothing to the tokens.';
comment on column analytics.usage_rollups_day_organization_key_model.cost_unknown is
  'Events whose cost is not known; they add nothing to cost_nanos.';
comment on column analytics.usage_rollups_day_organization_key_model.input_uncached_tokens is
  'Sum of input tokens read afresh.';
comment on column analytics.usage_rollups_day_organization_key_model.input_cache_read_tokens is
  'Sum of input tokens taken from the provider''s cache.';
comment on column analytics.usage_rollups_day_organization_key_model.input_cache_write_tokens is
  'Sum of input tokens put into the provider''s cache.';
comment on column analytics.usage_rollups_day_organization_key_model.output_text_tokens is
  'Sum of output tokens of answers.';
comment on column analytics.usage_rollups_day_organization_key_model.output_reasoning_tokens is
  'Sum of output tokens of reasoning.';
comment on column analytics.usage_rollups_day_organization_key_model.model_id is
  'Which model; analytics.models.id, not enforced. -1 stands for all beyond the cap.';
comment on column analytics.usage_rollups_day_organization_key_model.api_key_id is
  'The key that asked; null when a person asked. ffffffff-ffff-ffff-ffff-ffffffffffff stands for all beyond the cap.';
comment on column analytics.usage_rollups_day_organization_key_model.currency is
  'Currency of the costs, as an ISO 4217 code.';
comment on column analytics.usage_rollups_day_organization_key_model.cost_nanos is
  'Sum of the known costs in billionths of the currency unit.';
comment on index analytics.usage_rollups_day_organization_key_model_key is
  'The days of one organization in a span of time; that each row is there once.';
comment on index analytics.usage_rollups_day_organization_key_model_bucket_start_idx is
  'All rows of one day: to replace them, and totals of the platform.';
