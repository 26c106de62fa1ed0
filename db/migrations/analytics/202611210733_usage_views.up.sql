-- What:  views of usage for tools that only know tables: by hour, day and month of each organization, by day of each
--        model.
-- Why:   rollups keep billionths of money, five kinds of tokens and histograms, which charts do not. A view shows what
--        people chart, under names that stay when rollups change.
-- How:   over the rollups, so a year of an organization is thousands of rows and not millions of events. They show
--        what has been rolled up; `plinth usage trend` adds what came in since. The percentile is computed for rows
--        that a query selects it of, and only where it is that of one row.
--        security_invoker: who may not read a rollup may not read it through a view.
-- Locks: none but on the new views.

create view analytics.usage_by_hour
with (security_invoker = true)
as
select
  r.organization_id,
  r.bucket_start as hour,
  r.requests,
  r.errors,
  r.errors::double precision / r.requests::double precision as error_rate,
  r.input_uncached_tokens + r.input_cache_read_tokens + r.input_cache_write_tokens as input_tokens,
  r.output_text_tokens + r.output_reasoning_tokens as output_tokens,
  r.usage_unknown,
  r.currency,
  r.cost_nanos * 0.000000001 as cost,
  r.cost_unknown,
  (
    select analytics.latency_bucket_us(h.bucket)
    from (
      select
        b.bucket,
        sum(b.requests) over (order by b.bucket) as up_to,
        sum(b.requests) over () as known
      from unnest(r.latency_buckets, r.latency_counts) as b (bucket, requests)
    ) as h
    where h.up_to >= ceil(0.95 * h.known)
    order by h.bucket
    limit 1
  ) as latency_p95_us
from analytics.usage_rollups_hour_organization as r;

create view analytics.usage_by_day
with (security_invoker = true)
as
select
  r.organization_id,
  (r.bucket_start at time zone 'UTC')::date as day,
  sum(r.requests)::bigint as requests,
  sum(r.errors)::bigint as errors,
  sum(r.errors)::double precision / sum(r.requests)::double precision as error_rate,
  sum(r.input_uncached_tokens + r.input_cache_read_tokens + r.input_cache_write_tokens)::bigint as input_tokens,
  sum(r.output_text_tokens + r.output_reasoning_tokens)::bigint as output_tokens,
  sum(r.usage_unknown)::bigint as usage_unknown,
  r.currency,
  sum(r.cost_nanos) * 0.000000001 as cost,
  sum(r.cost_unknown)::bigint as cost_unknown
from analytics.usage_rollups_hour_organization as r
group by r.organization_id, (r.bucket_start at time zone 'UTC')::date, r.currency;

create view analytics.usage_by_month
with (security_invoker = true)
as
select
  r.organization_id,
  (r.bucket_start at time zone 'UTC')::date as month,
  r.requests,
  r.errors,
  r.errors::double precision / r.requests::double precision as error_rate,
  r.input_uncached_tokens + r.input_cache_read_tokens + r.input_cache_write_tokens as input_tokens,
  r.output_text_tokens + r.output_reasoning_tokens as output_tokens,
  r.usage_unknown,
  r.currency,
  r.cost_nanos * 0.000000001 as cost,
  r.cost_unknown,
  (
    select analytics.latency_bucket_us(h.bucket)
    from (
      select
        b.bucket,
        sum(b.requests) over (order by b.bucket) as up_to,
        sum(b.requests) over () as known
      from unnest(r.latency_buckets, r.latency_counts) as b (bucket, requests)
    ) as h
    where h.up_to >= ceil(0.95 * h.known)
    order by h.bucket
    limit 1
  ) as latency_p95_us
from analytics.usage_rollups_month_organization as r;

create view analytics.usage_by_model
with (security_invoker = true)
as
select
  (r.bucket_start at time zone 'UTC')::date as day,
  coalesce(m.provider, 'unknown') as provider,
  coalesce(m.name, 'unknown') as model,
  sum(r.requests)::bigint as requests,
  sum(r.errors)::bigint as errors,
  sum(r.errors)::double precision / sum(r.requests)::double precision as error_rate,
  sum(r.input_uncached_tokens + r.input_cache_read_tokens + r.input_cache_write_tokens)::bigint as input_tokens,
  sum(r.output_text_tokens + r.output_reasoning_tokens)::bigint as output_tokens,
  sum(r.usage_unknown)::bigint as usage_unknown,
  r.currency,
  sum(r.cost_nanos) * 0.000000001 as cost,
  sum(r.cost_unknown)::bigint as cost_unknown
from analytics.usage_rollups_day_model_status as r
left join analytics.models as m on m.id = r.model_id
group by (r.bucket_start at time zone 'UTC')::date, m.provider, m.name, r.currency;

comment on view analytics.usage_by_hour is
  'What each organization used and paid, by hour (UTC), as of the last roll-up.';
comment on column analytics.usage_by_hour.organization_id is
  'The tenant; platform.organizations.id.';
comment on column analytics.usage_by_hour.hour is
  'Beginning of the hour (UTC).';
comment on column analytics.usage_by_hour.requests is
  'Events, at least one.';
comment on column analytics.usage_by_hour.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_by_hour.error_rate is
  'errors as a share of requests, 0 to 1.';
comment on column analytics.usage_by_hour.input_tokens is
  'Input tokens: read afresh, from the cache and into it. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_hour.output_tokens is
  'Output tokens: of answers and of reasoning. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_hour.usage_unknown is
  'Events whose token counts are not known.';
comment on column analytics.usage_by_hour.currency is
  'Currency of the cost, as an ISO 4217 code; a row for each.';
comment on column analytics.usage_by_hour.cost is
  'Sum of the known costs in units of the currency.';
comment on column analytics.usage_by_hour.cost_unknown is
  'Events whose cost is not known; they add nothing to cost.';
comment on column analytics.usage_by_hour.latency_p95_us is
  'Microseconds that 95 of 100 requests did not exceed, at most 1 % off; null when no latency is known.';

comment on view analytics.usage_by_day is
  'What each organization used and paid, by day (UTC), as of the last roll-up.';
comment on column analytics.usage_by_day.organization_id is
  'The tenant; platform.organizations.id.';
comment on column analytics.usage_by_day.day is
  'The day (UTC).';
comment on column analytics.usage_by_day.requests is
  'Events, at least one.';
comment on column analytics.usage_by_day.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_by_day.error_rate is
  'errors as a share of requests, 0 to 1.';
comment on column analytics.usage_by_day.input_tokens is
  'Input tokens: read afresh, from the cache and into it. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_day.output_tokens is
  'Output tokens: of answers and of reasoning. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_day.usage_unknown is
  'Events whose token counts are not known.';
comment on column analytics.usage_by_day.currency is
  'Currency of the cost, as an ISO 4217 code; a row for each.';
comment on column analytics.usage_by_day.cost is
  'Sum of the known costs in units of the currency.';
comment on column analytics.usage_by_day.cost_unknown is
  'Events whose cost is not known; they add nothing to cost.';

comment on view analytics.usage_by_month is
  'What each organization used and paid, by month (UTC), as of the last roll-up.';
comment on column analytics.usage_by_month.organization_id is
  'The tenant; platform.organizations.id.';
comment on column analytics.usage_by_month.month is
  'First day of the month (UTC).';
comment on column analytics.usage_by_month.requests is
  'Events, at least one.';
comment on column analytics.usage_by_month.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_by_month.error_rate is
  'errors as a share of requests, 0 to 1.';
comment on column analytics.usage_by_month.input_tokens is
  'Input tokens: read afresh, from the cache and into it. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_month.output_tokens is
  'Output tokens: of answers and of reasoning. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_month.usage_unknown is
  'Events whose token counts are not known.';
comment on column analytics.usage_by_month.currency is
  'Currency of the cost, as an ISO 4217 code; a row for each.';
comment on column analytics.usage_by_month.cost is
  'Sum of the known costs in units of the currency.';
comment on column analytics.usage_by_month.cost_unknown is
  'Events whose cost is not known; they add nothing to cost.';
comment on column analytics.usage_by_month.latency_p95_us is
  'Microseconds that 95 of 100 requests did not exceed, at most 1 % off; null when no latency is known.';

comment on view analytics.usage_by_model is
  'What was asked of each model, by day (UTC), as of the last roll-up.';
comment on column analytics.usage_by_model.day is
  'The day (UTC).';
comment on column analytics.usage_by_model.provider is
  'Who ran the model.';
comment on column analytics.usage_by_model.model is
  'The model''s name, as events say it.';
comment on column analytics.usage_by_model.requests is
  'Events, at least one.';
comment on column analytics.usage_by_model.errors is
  'Events with a status from 400 on or with an error type.';
comment on column analytics.usage_by_model.error_rate is
  'errors as a share of requests, 0 to 1.';
comment on column analytics.usage_by_model.input_tokens is
  'Input tokens: read afresh, from the cache and into it. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_model.output_tokens is
  'Output tokens: of answers and of reasoning. Events whose tokens are not known add nothing.';
comment on column analytics.usage_by_model.usage_unknown is
  'Events whose token counts are not known.';
comment on column analytics.usage_by_model.currency is
  'Currency of the cost, as an ISO 4217 code; a row for each.';
comment on column analytics.usage_by_model.cost is
  'Sum of the known costs in units of the currency.';
comment on column analytics.usage_by_model.cost_unknown is
  'Events whose cost is not known; they add nothing to cost.';
