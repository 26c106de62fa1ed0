-- One of every kind of object that the schema model has, in DDL that PostgreSQL 15 to 18 all take.
create schema app;
comment on schema app is 'The application';
create schema "Odd Names";

create extension pg_trgm schema public;

create type app.mood as enum ('sad', 'ok', 'happy');
comment on type app.mood is 'How it feels';
create type app.money_amount as (amount numeric(20, 6), currency char(3) collate "C");
comment on column app.money_amount.currency is 'ISO 4217';
create domain app.email as text
  collate "C"
  default 'nobody@example.org'
  constraint email_has_at check (value like '%@%')
  constraint email_is_short check (length(value) < 255);
comment on constraint email_has_at on domain app.email is 'Not a full check';
create domain app.slug as varchar(40) not null;
create type app.float_range as range (subtype = float8, subtype_diff = float8mi);

create sequence app.invoice_numbers as integer increment by 5 start with 100 minvalue 50 maxvalue 100000 cache 10 cycle;
comment on sequence app.invoice_numbers is 'Gaps are fine';

create function app.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;
comment on function app.touch() is 'Keeps updated_at';
create function app.add(a integer, b integer default 1) returns integer
  language sql immutable strict parallel safe
  return a + b;
create function app.find(term text, out id bigint, out score real) returns setof record
  language sql stable security definer set search_path to pg_catalog
  as $$ select 1::bigint, 1::real $$;
create procedure app.refresh(inout done boolean) language plpgsql as $$ begin done := true; end $$;
create aggregate app.total(integer) (sfunc = int4pl, stype = integer, initcond = '0', parallel = safe);
create aggregate app.percentile(float8 order by float8) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);

create table app.organizations (
  id bigint generated always as identity (start with 1000 increment by 10),
  name text not null,
  email app.email not null,
  mood app.mood default 'ok',
  parent_id bigint,
  price app.money_amount,
  settings jsonb not null default '{}'::jsonb,
  search_text text generated always as (lower(name)) stored,
  payload bytea,
  serial_number serial,
  "Weird ""Column""" text collate "C",
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  valid tstzrange,
  dropped integer,
  constraint organizations_pk primary key (id),
  constraint organizations_name_key unique nulls not distinct (name, parent_id) include (email),
  constraint organizations_parent_fk foreign key (parent_id) references app.organizations (id)
    on update cascade on delete set null deferrable initially deferred,
  constraint organizations_name_check check (name <> ''),
  constraint organizations_no_overlap exclude using gist (valid with &&) where (valid is not null)
) with (fillfactor = 80, toast.autovacuum_enabled = false);
alter table app.organizations drop column dropped;
alter table app.organizations alter column payload set storage external;
alter table app.organizations alter column settings set statistics 500;
alter table app.organizations alter column name set (n_distinct = -0.5);
alter table app.organizations add constraint organizations_updated_check check (updated_at >= created_at) not valid;
comment on table app.organizations is 'Who pays';
comment on column app.organizations.name is 'As the customer writes it';
comment on constraint organizations_pk on app.organizations is 'The tenant key';
create index organizations_mood_idx on app.organizations using btree (mood desc, lower(name) text_pattern_ops, email collate "POSIX" nulls first)
  include (created_at) where parent_id is null;
comment on index app.organizations_mood_idx is 'The home page';
create index organizations_name_trgm on app.organizations using gin (name public.gin_trgm_ops) with (fastupdate = off);
alter table app.organizations replica identity using index organizations_pk;
alter table app.organizations cluster on organizations_pk;
create statistics app.organizations_stats (ndistinct, mcv) on parent_id, mood, (lower(name)) from app.organizations;
comment on statistics app.organizations_stats is 'They go together';
create trigger organizations_touch before update of name, mood on app.organizations for each row when (old.name is distinct from new.name) execute function app.touch();
comment on trigger organizations_touch on app.organizations is 'See touch()';
create constraint trigger organizations_later after insert on app.organizations deferrable initially deferred for each row execute function app.touch();
alter table app.organizations disable trigger organizations_later;
create rule organizations_no_delete as on delete to app.organizations do instead nothing;
comment on rule organizations_no_delete on app.organizations is 'They are archived';
alter table app.organizations enable row level security;
alter table app.organizations force row level security;
create policy organizations_own on app.organizations as restrictive for select to public using (id > 0);
create policy organizations_write on app.organizations for insert to public with check (name <> 'root');
comment on policy organizations_own on app.organizations is 'A policy';

create table app.events (
  organization_id bigint not null,
  at timestamptz not null,
  kind text not null default 'other',
  constraint events_pk primary key (organization_id, at, kind),
  constraint events_organization_fk foreign key (organization_id) references app.organizations (id) on delete cascade
) partition by range (at);
create index events_kind_idx on app.events (kind);
create trigger events_touch after insert on app.events for each row execute function app.touch();
create table app.events_2025 partition of app.events for values from ('2025-01-01 00:00:00+00') to ('2026-01-01 00:00:00+00');
create table app.events_2026 partition of app.events for values from ('2026-01-01 00:00:00+00') to ('2027-01-01 00:00:00+00') partition by list (kind);
create table app.events_2026_a partition of app.events_2026 for values in ('a', 'b');
create table app.events_rest partition of app.events default;
alter table app.events_rest alter column kind set default 'rest';
create index events_rest_at_idx on app.events_rest (at);

create table app.places (id integer, name text);
create table app.cities (population bigint check (population > 0)) inherits (app.places);
create unlogged table app.cache (key text primary key, value text);
create table app.typed of app.money_amount (constraint typed_pk primary key (currency));
create table "Odd Names"."Select" ("from" bigint references app.organizations (id), "a.b" text);

create view app.happy with (security_barrier = true, check_option = local) as
  select o.id, o.name from app.organizations o where o.mood = 'happy';
comment on view app.happy is 'Who is happy';
comment on column app.happy.id is 'The organization';
alter view app.happy alter column name set default 'unnamed';
create function app.happy_insert() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger happy_insert instead of insert on app.happy for each row execute function app.happy_insert();
create materialized view app.totals as
  select e.organization_id, count(*) as events, max(e.at) as last_at
  from app.events e join app.organizations o on o.id = e.organization_id
  group by e.organization_id
  with no data;
create unique index totals_pk on app.totals (organization_id);
comment on materialized view app.totals is 'Refreshed at night';

create foreign data wrapper plinth_nowhere options (debug 'true');
create server elsewhere type 'nothing' version '1' foreign data wrapper plinth_nowhere options (host 'example.org', password 'hunter2');
create user mapping for public server elsewhere options (user 'u', password 'hunter2');
create foreign table app.remote (id bigint options (name 'ID') not null, note text) server elsewhere options (tab 'T');
comment on server elsewhere is 'Far away';

create function app.guard() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger plinth_guard on ddl_command_end when tag in ('DROP TABLE', 'CREATE TABLE') execute function app.guard();
comment on event trigger plinth_guard is 'Watches';
alter event trigger plinth_guard disable;

create publication changes for table app.organizations (id, name) where (id > 10), table app.places with (publish = 'insert, update');
create publication of_schema for tables in schema "Odd Names";
comment on publication changes is 'To the warehouse';

create collation app.german (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
create function app.mood_number(app.mood) returns integer language sql immutable as $$ select 1 $$;
create cast (app.mood as integer) with function app.mood_number(app.mood) as assignment;
create operator app.@@@ (leftarg = integer, rightarg = integer, function = app.add);
create text search configuration app.plain (copy = pg_catalog.simple);
comment on operator app.@@@ (integer, integer) is 'Adds';

revoke execute on function app.touch() from public;
grant select on app.happy to public;
grant select (id, name), update (name) on app.organizations to public;
grant all on app.places to public;
grant usage on schema app to public;
grant usage on type app.mood to public;
alter default privileges in schema app grant select on tables to public;
alter default privileges revoke execute on functions from public;
