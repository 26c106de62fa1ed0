create table public.users (id bigint primary key, email text);
alter table public.users add column name text not null default 'nobody';
