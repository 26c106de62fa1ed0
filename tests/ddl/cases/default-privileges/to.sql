create table public.t (a int);
alter default privileges in schema public grant insert on tables to pg_monitor;
