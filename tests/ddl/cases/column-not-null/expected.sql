-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- scan: Every row of public.t is read while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column a set not null;
