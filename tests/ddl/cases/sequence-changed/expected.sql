alter sequence public.n
  as integer
  increment by 2
  no minvalue
  maxvalue 100
  start with 1
  cycle;
