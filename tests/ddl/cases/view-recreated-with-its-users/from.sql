create table public.users (id bigint primary key, email text);
create view public.v as select id, email from public.users;
create view public.w as select email from public.v;
grant select on public.w to public;
