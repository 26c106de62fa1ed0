-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  drop constraint t_key;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- scan: Every row of public.t is read while ACCESS EXCLUSIVE is held.
alter table public.t
  add constraint t_key unique nulls not distinct (a, b) deferrable;
