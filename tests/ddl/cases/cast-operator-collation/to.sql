create collation public.german (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
create function public.add(int, int) returns int language sql immutable as 'select $1 + $2';
create operator public.@@@ (leftarg = int, rightarg = int, function = public.add);
create aggregate public.total(int) (sfunc = int4pl, stype = int, initcond = '0');
