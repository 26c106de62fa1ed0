create table public.t (a int);
alter table public.t enable row level security;
alter table public.t force row level security;
create policy own on public.t to pg_monitor using (a = 2) with check (a = 3);
