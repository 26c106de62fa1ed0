-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
drop index public.t_idx;

-- blocks writes: Nobody writes public.t while SHARE is held.
-- scan: Every row of public.t is read while SHARE is held.
create unique index t_idx
  on public.t (lower(b) text_pattern_ops desc nulls last, a) include (b)
  where (a is not null);
