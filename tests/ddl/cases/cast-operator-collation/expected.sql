create collation public.german (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);

create function public.add(integer, integer)
returns integer
language sql
immutable
as $function$select $1 + $2$function$;

create operator public.@@@ (function = public.add, leftarg = integer, rightarg = integer);

create aggregate public.total(integer) (
  sfunc = int4pl,
  stype = integer,
  initcond = '0'
);
