-- blocks reads: Nobody reads or writes public.e_2026 while ACCESS EXCLUSIVE is held.
-- scan (maybe): Every row of public.e_2026 is read while ACCESS EXCLUSIVE is held.
alter table public.e
  attach partition public.e_2026 for values from ('2026-01-01') to ('2027-01-01');
