-- blocks reads: Nobody reads or writes public.v while ACCESS EXCLUSIVE is held.
drop view public.v;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column state drop default;

create type public.state as enum ('new', 'old');

-- data loss (maybe): Values of state of public.t may not survive the change of type.
-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.t is written anew while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column state type public.state
  using state::public.state;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column state set default 'new'::public.state;

create view public.v as
select state
   from public.t;
