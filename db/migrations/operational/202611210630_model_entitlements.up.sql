-- What:  which organization may use which model, and how fast.
-- Why:   no row, no use: access is given, not taken away. A limit of null is no limit, so that raising
--        one for everybody needs no magic number.
-- Locks: share row exclusive on platform.organizations and platform.models for their foreign keys
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.model_entitlements (
  organization_id uuid not null,
  model_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  requests_per_minute bigint,
  tokens_per_minute bigint,
  enabled boolean not null default true,
  constraint model_entitlements_pkey primary key (organization_id, model_id),
  -- Restrict: erased in the open before the organization.
  constraint model_entitlements_organization_id_fkey foreign key (organization_id)
    references platform.organizations (id)
    on delete restrict,
  -- Restrict: a model that somebody may use is deleted softly, not dropped from under them.
  constraint model_entitlements_model_id_fkey foreign key (model_id)
    references platform.models (id)
    on delete restrict,
  constraint model_entitlements_requests_per_minute_check check (requests_per_minute > 0),
  constraint model_entitlements_tokens_per_minute_check check (tokens_per_minute > 0)
);

create index model_entitlements_model_id_organization_id_idx
  on platform.model_entitlements (model_id, organization_id);

create trigger model_entitlements_touch_updated_at
  before update on platform.model_entitlements
  for each row
  execute function platform.touch_updated_at();

comment on table platform.model_entitlements is
  'Which organization may use which model, and its rate limits. No row means no use.';
comment on column platform.model_entitlements.organization_id is
  'The tenant.';
comment on column platform.model_entitlements.model_id is
  'The model it may use.';
comment on column platform.model_entitlements.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.model_entitlements.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.model_entitlements.requests_per_minute is
  'Most requests in a minute, above zero; null for no limit.';
comment on column platform.model_entitlements.tokens_per_minute is
  'Most tokens of input and output in a minute, above zero; null for no limit.';
comment on column platform.model_entitlements.enabled is
  'False stops the use and keeps the limits for when it starts again.';
comment on index platform.model_entitlements_pkey is
  'The models an organization may use, with their limits, at every request.';
comment on index platform.model_entitlements_model_id_organization_id_idx is
  'The organizations that may use a model, page by page, to tell them it retires; also the check when a model row is deleted.';
comment on trigger model_entitlements_touch_updated_at on platform.model_entitlements is
  'Keeps created_at and updated_at.';
