alter domain public.email
  drop constraint has_at;

alter domain public.email
  set default 'x@y'::text;

alter domain public.email
  set not null;

alter domain public.email
  add constraint is_short check ((length(value) < 99));
