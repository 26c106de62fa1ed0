create table public.p (k text, n integer) partition by range (k);
create table public.p_second partition of public.p for values from ('m') to ('z');
create index p_n on public.p (n);
alter index public.p_second_n_idx rename to other_name;
