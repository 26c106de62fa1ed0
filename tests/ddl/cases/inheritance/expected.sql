create table public.places (
  id integer,
  name text
);

create table public.cities (
  population bigint
)
inherits (public.places);
