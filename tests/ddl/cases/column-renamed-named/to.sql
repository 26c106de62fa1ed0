-- renames: public.users.email=contact
create table public.users (id bigint primary key, contact text);
create index users_email_idx on public.users (contact);
create view public.emails as select u.contact as email from public.users u;
