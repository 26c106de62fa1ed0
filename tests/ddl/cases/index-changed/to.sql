create table public.t (a int, b text);
create unique index t_idx on public.t (lower(b) text_pattern_ops desc nulls last, a) include (b) where a is not null;
