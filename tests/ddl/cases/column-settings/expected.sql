-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column a type text collate "C";

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column a set storage external;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  alter column a set compression pglz;

alter table public.t
  alter column a set statistics 200;
