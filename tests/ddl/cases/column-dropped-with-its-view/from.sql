create table public.users (id bigint primary key, email text);
create view public.emails as select email from public.users;
