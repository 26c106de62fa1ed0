-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite: Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column b set expression as (a + 2);
