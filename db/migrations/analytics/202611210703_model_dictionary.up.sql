-- What:  the dictionary of models, from provider and name to a small number.
-- Why:   four bytes in each event and in each key of each rollup, instead of two texts. Events name
--        models that the catalogue may not know (imports, retired ones), so it is not the catalogue:
--        a new pair gets a number when it is first seen.
--        An integer on purpose: two billion models are enough, and eight bytes would be paid per event.
-- Locks: none but on the new table.

create table analytics.models (
  id integer generated always as identity,
  created_at timestamptz not null default now(),
  provider text not null,
  name text not null,
  constraint models_pkey primary key (id),
  constraint models_provider_name_key unique (provider, name),
  constraint models_provider_check check (char_length(provider) between 1 and 64),
  constraint models_name_check check (char_length(name) between 1 and 200)
);

comment on table analytics.models is
  'Dictionary of the models that events name. Grows only; the catalogue with prices is operational data.';
comment on column analytics.models.id is
  'The number that stands for the model in events and rollups.';
comment on column analytics.models.created_at is
  'When the model was first seen.';
comment on column analytics.models.provider is
  'Who ran the model, as the event said it, 1 to 64 characters.';
comment on column analytics.models.name is
  'The model''s name, as the event said it, 1 to 200 characters.';
comment on sequence analytics.models_id_seq is
  'Numbers of models. Gaps are harmless.';
comment on index analytics.models_pkey is
  'The provider and name of a number, when a result is shown.';
comment on index analytics.models_provider_name_key is
  'The number of a provider and name, when events come in, and that there is only one.';
