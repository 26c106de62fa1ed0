-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
alter table public.users
  rename to people;

-- blocks reads: Nobody reads or writes public.people while ACCESS EXCLUSIVE is held.
alter table public.people
  rename constraint users_pkey to people_pkey;
