-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  force row level security;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter policy own on public.t
  to pg_monitor
  using (a = 2)
  with check (a = 3);
