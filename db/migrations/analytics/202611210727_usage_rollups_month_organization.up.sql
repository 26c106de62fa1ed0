-- What:  usage by month (UTC), organization and currency: the rollup month_organization.
-- Why:   invoices and trends over years, kept for good: it sums the hours, and outlives them.
--        Made from analytics/rollups; for types, currency and replacing rows see usage by hour, model, status.
-- Locks: none but on the new table.

create table analytics.usage_rollups_month_organization (
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
  currency text not null,
  cost_nanos numeric(38, 0) not null,
  latency_buckets smallint[] not null,
  users_registers smallint[] not null,
  users_ranks smallint[] not null,
  latency_counts bigint[] not null,
  constraint usage_rollups_month_organization_pkey primary key (organization_id, bucket_start, currency),
  constraint usage_rollups_month_organization_bucket_start_check check (
    date_trunc('month', bucket_start at time zone 'UTC') = bucket_start at time zone 'UTC'
  ),
  constraint usage_rollups_month_organization_counts_check check (
    requests > 0
    and errors between 0 and requests
    and usage_unknown between 0 and requests
    and cost_unknown between 0 and requests
  ),
  constraint usage_rollups_month_organization_sums_check check (
    input_uncached_tokens >= 0
    and input_cache_read_tokens >= 0
    and input_cache_write_tokens >= 0
    and output_text_tokens >= 0
    and output_reasoning_tokens >= 0
    and cost_nanos >= 0
  ),
  constraint usage_rollups_month_organization_currency_check check (
    octet_length(currency) = 3
    and translate(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
  ),
  constraint usage_rollups_month_organization_lists_check check (
    cardinality(latency_buckets) = cardinality(latency_counts)
    and cardinality(users_registers) = cardinality(users_ranks)
  )
);

create index usage_rollups_month_organization_bucket_start_idx
  on analytics.usage_rollups_month_organization (bucket_start);

comment on table analytics.usage_rollups_month_organization is
  'What each organization used and paid, by month (UTC); the grain of invoices, kept for good. Each row is the sum of its rows of usage_rollups_hour_organization; there is none where there are none.';
comment on column analytics.usage_rollups_month_organization.organization_id is
  'The tenant.';
comment on column analytics.usage_rollups_month_organization.bucket_start is
  'Beginning of the month (UTC), included; the next one''s beginning is excluded.';
comment on column analytics.usage_rollups_month_organization.refreshed_at is
  'When the row was last computed from its source.';
comment on column analytics.usage_rollups_month_organization.requests is
  'Events, at least one.';
comment on column analytics.usage_rollups_month_organization.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_rollups_month_organization.usage_unknown is
  'Events whose token counts are not known; they add nothing to the tokens.';
comment on column analytics.usage_rollups_month_organization.cost_unknown is
  'Events whose cost is not known; they add nothing to cost_nanos.';
comment on column analytics.usage_rollups_month_organization.input_uncached_tokens is
  'Sum of input tokens read afresh.';
comment on column analytics.usage_rollups_month_organization.input_cache_read_tokens is
  'Sum of input tokens taken from the provider''s cache.';
comment on column analytics.usage_rollups_month_organization.input_cache_write_tokens is
  'Sum of input tokens put into the provider''s cache.';
comment on column analytics.usage_rollups_month_organization.output_text_tokens is
  'Sum of output tokens of answers.';
comment on column analytics.usage_rollups_month_organization.output_reasoning_tokens is
  'Sum of output tokens of reasoning.';
comment on column analytics.usage_rollups_month_organization.currency is
  'Currency of the costs, as an ISO 4217 code.';
comment on column analytics.usage_rollups_month_organization.cost_nanos is
  'Sum of the known costs in billionths of the currency unit.';
comment on column analytics.usage_rollups_month_organization.latency_buckets is
  'Buckets (see analytics.latency_bucket) that hold values of latency_us, rising; empty when none is known.';
comment on column analytics.usage_rollups_month_organization.users_registers is
  'People who asked, where known; estimated within a standard error of 2.3 %. Registers (0 to 2047) that a value fell into, rising.';
comment on column analytics.usage_rollups_month_organization.users_ranks is
  'The highest rank (1 to 38) in each of users_registers; merging takes the higher one.';
comment on column analytics.usage_rollups_month_organization.latency_counts is
  'How many values each of latency_buckets holds.';
comment on index analytics.usage_rollups_month_organization_pkey is
  'The months of one organization in a span of time; that each row is there once.';
comment on index analytics.usage_rollups_month_organization_bucket_start_idx is
  'All rows of one month: to replace them, and totals of the platform.';
