-- blocks writes: Nobody writes public.posts while SHARE ROW EXCLUSIVE is held.
-- scan: Every row of public.posts is read while SHARE ROW EXCLUSIVE is held.
-- blocks writes: Nobody writes public.users while SHARE ROW EXCLUSIVE is held.
-- scan (maybe): Every row of public.users is read while SHARE ROW EXCLUSIVE is held.
alter table public.posts
  add constraint posts_user_fk foreign key (user_id) references public.users(id) on delete cascade;
