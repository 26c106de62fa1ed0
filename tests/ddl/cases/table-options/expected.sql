-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  set unlogged;

alter table public.t
  set (fillfactor = 70);

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  replica identity full;
