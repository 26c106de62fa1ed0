create type public.mood as enum ('sad', 'ok', 'happy');
create table public.t (m public.mood default 'ok', ms public.mood[]);
create view public.v as select m from public.t where m = 'happy';
create function public.f(public.mood) returns int language sql as 'select 1';
