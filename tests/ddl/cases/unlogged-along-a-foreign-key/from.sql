create unlogged table public.a (id int primary key);
create unlogged table public.b (id int primary key, a_id int references public.a (id));
