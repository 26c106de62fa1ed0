create function public.f(a int) returns int language sql immutable as 'select 1';
