create table public.t (a int);
create index t_idx on public.t (a) with (fillfactor = 50);
