alter table public.t cluster on t_idx;

-- blocks reads: Nobody reads or writes public.t while ACCESS EXCLUSIVE is held.
alter table public.t replica identity using index t_idx;
