-- scan: Every row of public.a is read while SHARE UPDATE EXCLUSIVE is held.
alter table public.a
  validate constraint a_fk;
