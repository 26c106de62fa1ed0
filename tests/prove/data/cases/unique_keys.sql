create table unique_keys (
  tenant integer not null,
  name text not null,
  email text not null,
  state text not null check (state in ('open', 'done')),
  flag boolean not null,
  singleton boolean not null default true,
  a integer,
  b integer,
  data jsonb not null,
  primary key (tenant, name),
  unique nulls not distinct (a, b)
);
create unique index on unique_keys (lower(email));
create unique index on unique_keys (tenant, state) where state = 'open';
create unique index on unique_keys ((data ->> 'n'));
create table only_one (lock char(1) primary key default 'X' check (lock = 'X'), position bigint);
create table two_at_most (flag boolean primary key, note text);
create table put_off (position integer not null, unique (position) deferrable initially deferred);
