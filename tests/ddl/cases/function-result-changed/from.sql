create function public.f(a int) returns int language sql immutable as 'select 1';
create view public.v as select public.f(1) as x;
