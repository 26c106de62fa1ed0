create table public.places (id int, name text);
create table public.cities (population bigint) inherits (public.places);
