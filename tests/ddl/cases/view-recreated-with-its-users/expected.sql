-- blocks reads: Nobody reads or writes public.w while ACCESS EXCLUSIVE is held.
drop view public.w;

-- blocks reads: Nobody reads or writes public.v while ACCESS EXCLUSIVE is held.
drop view public.v;

create view public.v as
select email
   from public.users;

create view public.w as
select email
   from public.v;

grant select on public.w to public;
