create table tenants (id bigint generated always as identity primary key, slug text not null unique);
create table users (
  tenant_id bigint not null references tenants,
  id bigint not null,
  manager_id bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, manager_id) references users
);
create table projects (
  tenant_id bigint not null,
  id uuid not null,
  owner_id bigint not null,
  tenant_slug text references tenants (slug) on update cascade,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references users (tenant_id, id) on delete cascade
);
create table members (
  tenant_id bigint not null,
  project_id uuid not null,
  user_id bigint not null,
  primary key (tenant_id, project_id, user_id),
  foreign key (tenant_id, project_id) references projects,
  foreign key (tenant_id, user_id) references users
);
create table profiles (
  tenant_id bigint not null,
  user_id bigint not null,
  unique (tenant_id, user_id),
  foreign key (tenant_id, user_id) references users
);
create table notes (
  id integer primary key,
  tenant_id bigint,
  user_id bigint,
  parent_id integer references notes,
  foreign key (tenant_id, user_id) references users match full,
  check (parent_id <> id)
);
create table roots (id integer primary key, root_id integer not null references roots);
