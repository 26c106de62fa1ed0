create function public.next_code()
returns text
language sql
as $function$select 1::text$function$;

create table public.t (
  code text default public.next_code()
);

create function public.all_of()
returns setof public.t
language sql
as $function$select * from public.t$function$;
