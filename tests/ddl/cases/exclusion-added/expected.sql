-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- scan: Every row of public.t is read while ACCESS EXCLUSIVE is held.
alter table public.t
  add constraint t_excl exclude using gist (r with &&);
