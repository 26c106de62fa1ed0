create table public.t (a int);
alter table public.t enable row level security;
create policy own on public.t using (a = 1);
