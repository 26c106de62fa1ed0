-- Where the rows of one import wait until all of them are read: gone with its transaction.
-- model_index is the place of the model among those that the import has seen.
create temp table usage_import (
  event_id uuid not null,
  organization_id uuid not null,
  api_key_id uuid,
  user_id uuid,
  model_index integer not null,
  operation text not null,
  region text,
  status smallint not null,
  error_type text,
  usage_known boolean not null,
  input_uncached_tokens bigint not null,
  input_cache_read_tokens bigint not null,
  input_cache_write_tokens bigint not null,
  output_text_tokens bigint not null,
  output_reasoning_tokens bigint not null,
  ttft_us bigint,
  latency_us bigint,
  price_id uuid,
  cost_nanos bigint,
  currency text not null,
  cost_source text,
  parts jsonb
) on commit drop
