alter publication p
  drop table public.t;

alter publication p
  set (publish = 'insert');

alter publication p
  add table public.t (a) where (a > 1);
