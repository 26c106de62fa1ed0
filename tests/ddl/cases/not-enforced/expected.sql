-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  drop constraint t_check;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  add constraint t_check check ((a > 0)) not enforced;
