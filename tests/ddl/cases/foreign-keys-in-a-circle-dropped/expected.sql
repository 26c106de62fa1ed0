-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
alter table public.a
  drop constraint a_b_fk;

-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
alter table public.b
  drop constraint b_a_id_fkey;

-- data loss: The rows of public.a are gone.
-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
drop table public.a;

-- data loss: The rows of public.b are gone.
-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
drop table public.b;
