-- What:  models and their versions, the catalogue of what can be asked.
-- Why:   a model is what customers choose and limits are set on; a version is what runs and has a price.
--        Global, not tenant data: on a cluster these are reference tables, present on every node.
-- Locks: none but on the new tables.

create table platform.models (
  id uuid not null default platform.uuid_v7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  provider text not null,
  name text not null,
  display_name text not null,
  modality text not null,
  status text not null default 'active',
  constraint models_pkey primary key (id),
  constraint models_provider_check check (provider ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  constraint models_name_check check (
    name !~ '[[:space:]]'
    and char_length(name) between 1 and 200
  ),
  constraint models_display_name_check check (char_length(display_name) between 1 and 200),
  constraint models_modality_check check (
    modality in ('text', 'multimodal', 'embedding', 'rerank', 'moderation', 'image', 'audio', 'video')
  ),
  constraint models_status_check check (status in ('preview', 'active', 'deprecated', 'retired'))
);

create unique index models_living_provider_name_key
  on platform.models (provider, name)
  where deleted_at is null;

create trigger models_touch_updated_at
  before update on platform.models
  for each row
  execute function platform.touch_updated_at();

create table platform.model_versions (
  id uuid not null default platform.uuid_v7(),
  model_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  context_window_tokens bigint,
  max_output_tokens bigint,
  released_at timestamptz,
  deprecated_at timestamptz,
  retired_at timestamptz,
  version text not null,
  constraint model_versions_pkey primary key (id),
  constraint model_versions_model_id_version_key unique (model_id, version),
  -- Restrict: a version has prices, and usage refers to them; a model is deleted softly.
  constraint model_versions_model_id_fkey foreign key (model_id)
    references platform.models (id)
    on delete restrict,
  constraint model_versions_version_check check (
    version !~ '[[:space:]]'
    and char_length(version) between 1 and 100
  ),
  constraint model_versions_context_window_tokens_check check (context_window_tokens between 1 and 1000000000),
  constraint model_versions_max_output_tokens_check check (max_output_tokens between 1 and 1000000000),
  constraint model_versions_deprecated_at_check check (deprecated_at >= released_at),
  constraint model_versions_retired_at_check check (
    retired_at >= released_at
    and (deprecated_at is null or retired_at >= deprecated_at)
  )
);

create trigger model_versions_touch_updated_at
  before update on platform.model_versions
  for each row
  execute function platform.touch_updated_at();

comment on table platform.models is
  'Models that can be asked, by provider and name. Global. Deleted softly.';
comment on column platform.models.id is
  'Identity of the model in operational data. Analytics has its own, smaller, dictionary by provider and name.';
comment on column platform.models.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.models.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.models.deleted_at is
  'When the model was taken out of the catalogue; null while it is in.';
comment on column platform.models.provider is
  'Who runs the model: 1 to 64 of a-z, 0-9, dot, hyphen and underscore.';
comment on column platform.models.name is
  'The provider''s name for the model, 1 to 200 characters without spaces. Unique with the provider among the living.';
comment on column platform.models.display_name is
  'Name that people see, 1 to 200 characters.';
comment on column platform.models.modality is
  'What it is for: text, multimodal, embedding, rerank, moderation, image, audio or video.';
comment on column platform.models.status is
  'preview: may change without notice. active. deprecated: still answers, choose another. retired: answers no more.';
comment on index platform.models_pkey is
  'One model by id.';
comment on index platform.models_living_provider_name_key is
  'The living model with a provider and a name, when a request names one, and that there is only one; the catalogue in order.';
comment on trigger models_touch_updated_at on platform.models is
  'Keeps created_at and updated_at.';

comment on table platform.model_versions is
  'Versions of models: what runs and what has a price. Global. A version ends by being retired.';
comment on column platform.model_versions.id is
  'Identity of the version.';
comment on column platform.model_versions.model_id is
  'The model it is a version of.';
comment on column platform.model_versions.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.model_versions.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.model_versions.context_window_tokens is
  'Most tokens of input and output together; null when not known or not bounded so.';
comment on column platform.model_versions.max_output_tokens is
  'Most tokens of one answer; null when not known or not bounded so.';
comment on column platform.model_versions.released_at is
  'When it could first be asked; null when not known or not yet.';
comment on column platform.model_versions.deprecated_at is
  'From when on users should move to another; null when nothing is planned.';
comment on column platform.model_versions.retired_at is
  'From when on it answers no more; null when nothing is planned.';
comment on column platform.model_versions.version is
  'The provider''s name for the version, often a date; 1 to 100 characters without spaces. Unique in the model.';
comment on index platform.model_versions_pkey is
  'One version by id.';
comment on index platform.model_versions_model_id_version_key is
  'The versions of a model, and one of them by name; also the check when a model row is deleted.';
comment on trigger model_versions_touch_updated_at on platform.model_versions is
  'Keeps created_at and updated_at.';
