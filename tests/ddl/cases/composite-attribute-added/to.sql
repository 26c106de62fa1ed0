create type public.pair as (a int, c date);
