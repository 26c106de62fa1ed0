-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t
  add constraint a_is_there not null a not valid;
