create function public.f(a int) returns bigint language sql immutable as 'select 1::bigint';
create view public.v as select public.f(1)::int as x;
