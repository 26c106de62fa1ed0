-- blocks reads: Nobody reads or writes public.v while ACCESS EXCLUSIVE is held.
create or replace view public.v as
select id,
    email
   from public.users;
