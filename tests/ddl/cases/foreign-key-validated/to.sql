create table public.a (id int primary key, b int);
alter table public.a add constraint a_fk foreign key (b) references public.a (id);
