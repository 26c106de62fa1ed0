create table public.t (a int, b int, constraint t_key unique nulls not distinct (a, b) deferrable);
