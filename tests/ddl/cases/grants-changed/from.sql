create table public.t (a int, b int);
grant select, insert on public.t to pg_monitor;
