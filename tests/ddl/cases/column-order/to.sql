create table public.t (b int, a int);
