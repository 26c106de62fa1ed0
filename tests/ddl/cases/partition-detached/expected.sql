-- blocks reads: Nobody reads or writes public.e while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.e_2026 while ACCESS EXCLUSIVE is held.
alter table public.e
  detach partition public.e_2026;
