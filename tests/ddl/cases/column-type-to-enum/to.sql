create type public.state as enum ('new', 'old');
create table public.t (state public.state default 'new');
create view public.v as select state from public.t;
