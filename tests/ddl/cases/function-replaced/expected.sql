create or replace function public.f(a integer)
returns integer
language sql
stable
as $function$select 2$function$;
