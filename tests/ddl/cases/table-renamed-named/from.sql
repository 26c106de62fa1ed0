create table public.users (id bigint primary key, email text);
create table public.posts (user_id bigint references public.users (id));
