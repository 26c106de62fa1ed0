create table public.t (
  a integer
);

revoke select on public.t from pg_monitor;

alter default privileges for role plinth_admin in schema public
  revoke select on tables from pg_monitor;

alter default privileges for role plinth_admin in schema public
  grant insert on tables to pg_monitor;
