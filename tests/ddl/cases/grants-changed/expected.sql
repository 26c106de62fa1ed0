revoke insert on public.t from pg_monitor;

grant select on public.t to pg_monitor with grant option;

grant update (b) on public.t to pg_monitor;
