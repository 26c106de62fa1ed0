create table public.t (a int, constraint t_check check (a > 1));
