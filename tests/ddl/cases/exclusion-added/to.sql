create table public.t (r int4range, constraint t_excl exclude using gist (r with &&));
