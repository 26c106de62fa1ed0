create table public.users (id bigint primary key, email text);
create index users_email_idx on public.users (email);
create view public.emails as select u.email from public.users u;
