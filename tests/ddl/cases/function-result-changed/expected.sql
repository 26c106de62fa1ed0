-- blocks reads: Nobody reads or writes public.v while ACCESS EXCLUSIVE is held.
drop view public.v;

drop function public.f(a integer);

create function public.f(a integer)
returns bigint
language sql
immutable
as $function$select 1::bigint$function$;

create view public.v as
select (public.f(1))::integer as x;
