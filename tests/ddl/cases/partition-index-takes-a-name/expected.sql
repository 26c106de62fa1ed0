alter index public.other_name
  rename to p_second_n_idx;

create table public.p_first (
  k text,
  n integer
);

create index other_name
  on public.p_first (n);

alter table public.p
  attach partition public.p_first for values from ('a') to ('m');
