-- What:  API keys, by which programs act for an organization.
-- Why:   a key's text is plk_<organization>_<prefix>_<secret>, where <organization> is the organization's
--        uuid in 22 base-62 digits. The text alone says which tenant to ask, so authentication is one
--        lookup by (organization_id, key_prefix), on one shard, by an index that exists anyway.
--        Only the prefix and the SHA-256 of the whole text are stored. The secret is long and random,
--        so one plain hash is enough: there is nothing to guess.
--        When a key was last used is asked of usage events; a column would be written at every request.
-- Locks: share row exclusive on platform.organizations and platform.memberships for their foreign keys
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.api_keys (
  organization_id uuid not null,
  id uuid not null default platform.uuid_v7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  created_by_user_id uuid,
  name text not null,
  key_prefix text not null,
  key_hash bytea not null,
  scopes text[] not null,
  constraint api_keys_pkey primary key (organization_id, id),
  constraint api_keys_organization_id_key_prefix_key unique (organization_id, key_prefix),
  -- Restrict: keys are revoked, and erased in the open before their organization.
  constraint api_keys_organization_id_fkey foreign key (organization_id)
    references platform.organizations (id)
    on delete restrict,
  -- Set null: a program must not stop because the person who made its key is erased.
  constraint api_keys_created_by_user_id_fkey foreign key (organization_id, created_by_user_id)
    references platform.memberships (organization_id, user_id)
    on delete set null (created_by_user_id),
  constraint api_keys_name_check check (char_length(name) between 1 and 200),
  constraint api_keys_key_prefix_check check (key_prefix ~ '^[0-9A-Za-z]{8}$'),
  constraint api_keys_key_hash_check check (octet_length(key_hash) = 32),
  constraint api_keys_scopes_check check (
    scopes <@ array[
      'inference:invoke',
      'models:read',
      'usage:read',
      'audit:read',
      'keys:write',
      'members:write',
      'budgets:write'
    ]::text[]
    and cardinality(scopes) between 1 and 16
  ),
  constraint api_keys_expires_at_check check (expires_at > created_at)
);

create index api_keys_organization_id_created_by_user_id_idx
  on platform.api_keys (organization_id, created_by_user_id)
  where created_by_user_id is not null;

create trigger api_keys_touch_updated_at
  before update on platform.api_keys
  for each row
  execute function platform.touch_updated_at();

comment on table platform.api_keys is
  'Keys by which programs act for an organization. The key''s text, plk_<organization>_<prefix>_<secret>, is never stored.';
comment on column platform.api_keys.organization_id is
  'The tenant. In the key''s text as 22 base-62 digits, so that authentication is one lookup by (organization_id, key_prefix) on one shard.';
comment on column platform.api_keys.id is
  'Identity of the key within its organization; grows with time.';
comment on column platform.api_keys.created_at is
  'When the key was made. Kept by the database.';
comment on column platform.api_keys.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.api_keys.expires_at is
  'From when on the key is refused; null for never.';
comment on column platform.api_keys.revoked_at is
  'When the key was revoked; null while it is good. A revoked key stays, so that its usage keeps a name.';
comment on column platform.api_keys.created_by_user_id is
  'The member who made the key; null when the platform made it or the membership was erased.';
comment on column platform.api_keys.name is
  'What people call the key, 1 to 200 characters.';
comment on column platform.api_keys.key_prefix is
  'The 8 base-62 characters between organization and secret in the key''s text. Unique in the organization; no secret, it may be shown.';
comment on column platform.api_keys.key_hash is
  'SHA-256 of the key''s whole text, 32 bytes. The text itself is shown once, to whoever makes the key.';
comment on column platform.api_keys.scopes is
  'What the key may do: inference:invoke, models:read, usage:read, audit:read, keys:write, members:write, budgets:write. At least one.';
comment on index platform.api_keys_pkey is
  'The keys of an organization, newest first, page by page; one key by id.';
comment on index platform.api_keys_organization_id_key_prefix_key is
  'Authentication: the key with the organization and the prefix that its text names.';
comment on index platform.api_keys_organization_id_created_by_user_id_idx is
  'The keys a member has made; also the search when a membership is erased.';
comment on trigger api_keys_touch_updated_at on platform.api_keys is
  'Keeps created_at and updated_at.';
