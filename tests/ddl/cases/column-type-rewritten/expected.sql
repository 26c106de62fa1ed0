-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column n drop default;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite: Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column id type bigint;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite: Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column n type bigint;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column n set default 0;
