alter index public.t_idx
  set (fillfactor = 50);
