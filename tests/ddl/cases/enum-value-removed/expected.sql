-- blocks reads: Nobody reads or writes public.v while ACCESS EXCLUSIVE is held.
drop view public.v;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column m drop default;

drop function public.f(public.mood);

alter type public.mood
  rename to mood_old;

create type public.mood as enum ('ok', 'happy');

-- data loss (maybe): Values of m of public.t may not survive the change of type.
-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite: Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column m type public.mood
  using m::text::public.mood;

-- data loss (maybe): Values of ms of public.t may not survive the change of type.
-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite: Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column ms type public.mood[]
  using ms::text::public.mood[];

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column m set default 'ok'::public.mood;

create function public.f(public.mood)
returns integer
language sql
as $function$select 1$function$;

create view public.v as
select m
   from public.t
  where (m = 'happy'::public.mood);

drop type public.mood_old;
