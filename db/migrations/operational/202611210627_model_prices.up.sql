-- What:  what each version of a model costs, for each kind of token, each call and each request, over time.
-- Why:   cost is computed from the price in force when the request was made, so a price is never
--        overwritten: it ends, and the next one begins. The database refuses two at one time.
--        Money is whole numbers: billionths of the currency unit, never a float, never the type money.
-- Locks: share row exclusive on platform.model_versions for the foreign key
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.model_prices (
  id uuid not null default platform.uuid_v7(),
  model_version_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  price_nanos bigint not null,
  above_input_tokens bigint not null default 0,
  kind text not null,
  currency text not null,
  valid tstzrange not null,
  source text not null,
  constraint model_prices_pkey primary key (id),
  -- Restrict: usage that was charged refers to prices for as long as it is kept.
  constraint model_prices_model_version_id_fkey foreign key (model_version_id)
    references platform.model_versions (id)
    on delete restrict,
  constraint model_prices_price_nanos_check check (price_nanos >= 0),
  constraint model_prices_kind_check check (
    kind in (
      'input_uncached',
      'input_cache_read',
      'input_cache_write',
      'output_text',
      'output_reasoning',
      'input_audio',
      'input_image',
      'input_video',
      'input_cache_read_audio',
      'input_cache_read_image',
      'input_cache_read_video',
      'input_cache_write_1h',
      'output_audio',
      'output_image',
      'output_video',
      'web_search',
      'storage_search',
      'request'
    )
  ),
  constraint model_prices_above_input_tokens_check check (above_input_tokens between 0 and 1000000000),
  constraint model_prices_currency_check check (currency ~ '^[A-Z]{3}$'),
  -- A finite beginning, included; an end that is excluded or open.
  constraint model_prices_valid_check check (
    not isempty(valid)
    and not lower_inf(valid)
    and lower_inc(valid)
    and not upper_inc(valid)
    and isfinite(lower(valid))
  ),
  constraint model_prices_source_check check (char_length(source) between 1 and 500),
  constraint model_prices_valid_excl exclude using gist (
    model_version_id with =,
    kind with =,
    currency with =,
    above_input_tokens with =,
    valid with &&
  )
);

create trigger model_prices_touch_updated_at
  before update on platform.model_prices
  for each row
  execute function platform.touch_updated_at();

comment on table platform.model_prices is
  'Prices of model versions by kind, currency and size of the request over time; at any moment at most one for each. Global.';
comment on column platform.model_prices.id is
  'Identity of the price; usage events keep it as price_id.';
comment on column platform.model_prices.model_version_id is
  'The version that costs this.';
comment on column platform.model_prices.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.model_prices.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.model_prices.price_nanos is
  'Billionths of the currency unit per million tokens; for calls and requests, for each. 3 USD per million is 3000000000.';
comment on column platform.model_prices.above_input_tokens is
  'The price holds for requests with more input tokens than this, for all of their tokens; of several the largest that fits is charged. 0 is the price for all.';
comment on column platform.model_prices.kind is
  'What is counted: a bucket of tokens (input_uncached, input_cache_read, input_cache_write, output_text, output_reasoning), a part of one that is priced apart (input_audio, …), a call that the provider made (web_search, storage_search) or request.';
comment on column platform.model_prices.currency is
  'Currency of the price, as an ISO 4217 code.';
comment on column platform.model_prices.valid is
  'When the price is in force, from the beginning (included) to the end (excluded; none for "until further notice").';
comment on column platform.model_prices.source is
  'Where the price was read: a page, a contract or a data set, 1 to 500 characters.';
comment on index platform.model_prices_pkey is
  'One price by id, to explain the cost of an event.';
comment on index platform.model_prices_valid_excl is
  'The prices of a version in force at a time, and that none overlap; also the check when a version row is deleted.';
comment on trigger model_prices_touch_updated_at on platform.model_prices is
  'Keeps created_at and updated_at.';
