-- renames: public.users=people, public.people.users_pkey=people_pkey
create table public.people (id bigint primary key, email text);
create table public.posts (user_id bigint references public.people (id));
