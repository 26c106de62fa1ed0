create function public.next_code() returns text language sql as 'select 1::text';
create table public.t (code text default public.next_code());
create function public.all_of() returns setof public.t language sql as 'select * from public.t';
