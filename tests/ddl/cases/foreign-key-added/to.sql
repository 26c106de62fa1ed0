create table public.users (id bigint primary key, email text);
create table public.posts (
  id bigint primary key,
  user_id bigint,
  constraint posts_user_fk foreign key (user_id) references public.users (id) on delete cascade
);
