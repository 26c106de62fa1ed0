create table public.t (a int primary key, b int);
create publication p for table public.t (a) where (a > 1) with (publish = 'insert');
