create table public.t (id bigint primary key, n bigint default 0);
