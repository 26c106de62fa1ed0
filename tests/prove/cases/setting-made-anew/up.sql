create table settings (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid references organizations (id),
  name text not null,
  value text not null,
  unique nulls not distinct (organization_id, name)
);
insert into settings (name, value) values ('deployment', gen_random_uuid());
