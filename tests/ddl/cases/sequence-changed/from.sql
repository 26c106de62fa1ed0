create sequence public.n;
