-- blocks reads: Nobody reads or writes public.users while ACCESS EXCLUSIVE is held.
alter table public.users
  rename column email to contact;

-- blocks reads: Nobody reads or writes public.emails while ACCESS EXCLUSIVE is held.
create or replace view public.emails as
select contact as email
   from public.users u;
