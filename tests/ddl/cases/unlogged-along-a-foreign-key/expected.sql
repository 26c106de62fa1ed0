-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.a is written anew while ACCESS EXCLUSIVE is held.
alter table public.a
  set logged;

-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.b is written anew while ACCESS EXCLUSIVE is held.
alter table public.b
  set logged;
