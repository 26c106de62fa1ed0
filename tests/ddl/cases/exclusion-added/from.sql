create table public.t (r int4range);
