create table public.t (state text default 'new');
create view public.v as select state from public.t;
