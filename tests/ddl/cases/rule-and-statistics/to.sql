create table public.t (a int, b int);
create rule t_rule as on delete to public.t do instead nothing;
create statistics public.t_stats (ndistinct) on a, b from public.t;
