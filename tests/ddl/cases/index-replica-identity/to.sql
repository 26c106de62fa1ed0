create table public.t (a int not null);
create unique index t_idx on public.t (a);
alter table public.t replica identity using index t_idx;
alter table public.t cluster on t_idx;
