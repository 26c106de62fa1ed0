-- What:  memberships, who belongs to which organization and may do what there.
-- Why:   one row for each pair for ever: leaving sets deleted_at, coming back clears it, so what a member
--        did stays tied to the pair and there is never a second row to choose from.
-- Locks: share row exclusive on platform.organizations and platform.users for their foreign keys
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.memberships (
  organization_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  role text not null,
  constraint memberships_pkey primary key (organization_id, user_id),
  -- Restrict: an organization is deleted softly; who erases it for good names what goes first.
  constraint memberships_organization_id_fkey foreign key (organization_id)
    references platform.organizations (id)
    on delete restrict,
  -- Restrict: erasing a person must decide about each membership, not lose them unseen.
  constraint memberships_user_id_fkey foreign key (user_id)
    references platform.users (id)
    on delete restrict,
  constraint memberships_role_check check (role in ('owner', 'admin', 'developer', 'viewer', 'billing'))
);

create index memberships_user_id_organization_id_idx
  on platform.memberships (user_id, organization_id);

create trigger memberships_touch_updated_at
  before update on platform.memberships
  for each row
  execute function platform.touch_updated_at();

comment on table platform.memberships is
  'Who belongs to which organization, with which role. One row for each pair; leaving and coming back set and clear deleted_at.';
comment on column platform.memberships.organization_id is
  'The tenant.';
comment on column platform.memberships.user_id is
  'The person.';
comment on column platform.memberships.created_at is
  'When the person first became a member. Kept by the database.';
comment on column platform.memberships.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.memberships.deleted_at is
  'When the person left; null while a member.';
comment on column platform.memberships.role is
  'owner: everything. admin: all but closing the organization. developer: keys and models. viewer: reads. billing: budgets and invoices.';
comment on index platform.memberships_pkey is
  'The members of an organization, page by page; the role of one person in one organization.';
comment on index platform.memberships_user_id_organization_id_idx is
  'The organizations of a user; also the check when a user row is deleted, which is why it holds former members too.';
comment on trigger memberships_touch_updated_at on platform.memberships is
  'Keeps created_at and updated_at.';
