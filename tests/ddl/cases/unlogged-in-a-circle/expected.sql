-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
alter table public.a
  drop constraint a_b_fk;

-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
alter table public.b
  drop constraint b_a_id_fkey;

-- blocks reads: Nobody reads or writes public.a while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.a is written anew while ACCESS EXCLUSIVE is held.
alter table public.a
  set unlogged;

-- blocks reads: Nobody reads or writes public.b while ACCESS EXCLUSIVE is held.
-- rewrite (maybe): Every row of public.b is written anew while ACCESS EXCLUSIVE is held.
alter table public.b
  set unlogged;

-- blocks writes: Nobody writes public.a while SHARE ROW EXCLUSIVE is held.
-- scan: Every row of public.a is read while SHARE ROW EXCLUSIVE is held.
-- blocks writes: Nobody writes public.b while SHARE ROW EXCLUSIVE is held.
-- scan (maybe): Every row of public.b is read while SHARE ROW EXCLUSIVE is held.
alter table public.a
  add constraint a_b_fk foreign key (b_id) references public.b(id);

-- blocks writes: Nobody writes public.b while SHARE ROW EXCLUSIVE is held.
-- scan: Every row of public.b is read while SHARE ROW EXCLUSIVE is held.
-- blocks writes: Nobody writes public.a while SHARE ROW EXCLUSIVE is held.
-- scan (maybe): Every row of public.a is read while SHARE ROW EXCLUSIVE is held.
alter table public.b
  add constraint b_a_id_fkey foreign key (a_id) references public.a(id);
