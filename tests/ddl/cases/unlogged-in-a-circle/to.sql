create unlogged table public.a (id int primary key, b_id int);
create unlogged table public.b (id int primary key, a_id int references public.a (id));
alter table public.a add constraint a_b_fk foreign key (b_id) references public.b (id);
