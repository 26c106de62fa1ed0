-- What:  organizations, the tenants. Their id is the tenant key of the whole platform.
-- Why:   everything a customer owns carries organization_id first in its keys; this is where it comes from.
--        The slug of a deleted organization is free again, hence a partial unique index and not a constraint.
-- Locks: none but on the new table.

create table platform.organizations (
  id uuid not null default platform.uuid_v7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  slug text not null,
  display_name text not null,
  status text not null default 'active',
  default_currency text not null default 'USD',
  time_zone text not null default 'UTC',
  billing_email text,
  constraint organizations_pkey primary key (id),
  constraint organizations_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  constraint organizations_display_name_check check (char_length(display_name) between 1 and 200),
  constraint organizations_status_check check (status in ('active', 'suspended', 'closed')),
  constraint organizations_default_currency_check check (default_currency ~ '^[A-Z]{3}$'),
  constraint organizations_time_zone_check check (time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$'),
  constraint organizations_billing_email_check check (
    char_length(billing_email) <= 320
    and billing_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
  )
);

create unique index organizations_living_slug_key
  on platform.organizations (slug)
  where deleted_at is null;

create trigger organizations_touch_updated_at
  before update on platform.organizations
  for each row
  execute function platform.touch_updated_at();

comment on table platform.organizations is
  'Tenants: the customers of the platform. Deleted softly; a row goes away only when its data has been erased.';
comment on column platform.organizations.id is
  'The tenant key: organization_id of every tenant table, and the key to distribute by.';
comment on column platform.organizations.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.organizations.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.organizations.deleted_at is
  'When the organization was deleted; null while it lives.';
comment on column platform.organizations.slug is
  'Name in addresses: 1 to 63 of a-z, 0-9 and inner hyphens. Unique among the living.';
comment on column platform.organizations.display_name is
  'Name that people see, 1 to 200 characters.';
comment on column platform.organizations.status is
  'active: may use the platform. suspended: may read, not use models. closed: may do nothing more.';
comment on column platform.organizations.default_currency is
  'Currency of new budgets and of usage, as an ISO 4217 code.';
comment on column platform.organizations.time_zone is
  'IANA time zone in which the organization reads its days and months, such as Europe/Paris.';
comment on column platform.organizations.billing_email is
  'Where invoices go; null when nobody has been named. Personal data.';
comment on index platform.organizations_pkey is
  'One organization by its id; page through all organizations.';
comment on index platform.organizations_living_slug_key is
  'The living organization with a given slug, and that there is only one.';
comment on trigger organizations_touch_updated_at on platform.organizations is
  'Keeps created_at and updated_at.';
