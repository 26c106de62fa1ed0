create statistics public.t_stats (ndistinct)
  on a, b
  from public.t;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
create rule t_rule as
    on delete to public.t do instead nothing;
