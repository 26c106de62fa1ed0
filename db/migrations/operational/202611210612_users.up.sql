-- What:  users, the people who sign in.
-- Why:   one person may belong to many organizations, so users are global and memberships tie them to tenants.
--        No password and no token is here: signing in is the identity provider's work.
--        An address is one address in whatever case it is typed, hence the unique index on lower(email).
-- Locks: none but on the new table.

create table platform.users (
  id uuid not null default platform.uuid_v7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  email text not null,
  display_name text not null,
  status text not null default 'active',
  constraint users_pkey primary key (id),
  constraint users_email_check check (
    char_length(email) <= 320
    and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
  ),
  constraint users_display_name_check check (char_length(display_name) between 1 and 200),
  constraint users_status_check check (status in ('invited', 'active', 'suspended'))
);

create unique index users_living_email_key
  on platform.users (lower(email))
  where deleted_at is null;

create trigger users_touch_updated_at
  before update on platform.users
  for each row
  execute function platform.touch_updated_at();

comment on table platform.users is
  'People who sign in. Global: memberships tie them to organizations. Deleted softly.';
comment on column platform.users.id is
  'Identity of the person.';
comment on column platform.users.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.users.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.users.deleted_at is
  'When the user was deleted; null while the account lives.';
comment on column platform.users.email is
  'Address the person signs in with, as typed. Unique among the living, whatever its case. Personal data.';
comment on column platform.users.display_name is
  'Name that people see, 1 to 200 characters. Personal data.';
comment on column platform.users.status is
  'invited: has not signed in yet. active: may sign in. suspended: may not.';
comment on index platform.users_pkey is
  'One user by id.';
comment on index platform.users_living_email_key is
  'The living user with a given lower(email), at sign-in and at invitation, and that there is only one.';
comment on trigger users_touch_updated_at on platform.users is
  'Keeps created_at and updated_at.';
