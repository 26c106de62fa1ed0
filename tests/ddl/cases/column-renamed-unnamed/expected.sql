-- data loss: The values of email of public.users are gone.
-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
alter table public.users
  drop column email;

-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
alter table public.users
  add column contact text;
