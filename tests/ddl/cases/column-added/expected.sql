-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
alter table public.users
  add column name text not null default 'nobody'::text;
