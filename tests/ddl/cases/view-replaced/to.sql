create table public.users (id bigint primary key, email text);
create view public.v as select id, email from public.users;
