create table public.t (a int not null);
