create table public.t (a int, b text);
create index t_idx on public.t (a);
