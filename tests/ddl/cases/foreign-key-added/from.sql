create table public.users (id bigint primary key, email text);
create table public.posts (id bigint primary key, user_id bigint);
