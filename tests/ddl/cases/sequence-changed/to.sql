create sequence public.n as integer increment by 2 maxvalue 100 cycle;
