create table public.t (a int, b int);
grant select on public.t to pg_monitor with grant option;
grant update (b) on public.t to pg_monitor;
