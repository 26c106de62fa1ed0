-- data loss: The rows of public.m are gone until it is made and filled again.
-- blocks reads: Nobody reads or writes public.m while ACCESS EXCLUSIVE is held.
drop materialized view public.m;

-- scan (maybe): Every row of public.users is read while ACCESS SHARE is held.
create materialized view public.m as
select id
   from public.users
  where (id > 0);

create unique index m_idx
  on public.m (id);
