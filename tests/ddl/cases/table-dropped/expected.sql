-- data loss: The rows of public.users are gone.
-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
drop table public.users;
