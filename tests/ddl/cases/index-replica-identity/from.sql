create table public.t (a int not null);
create unique index t_idx on public.t (a);
