create function public.f(a int) returns int language sql stable as 'select 2';
