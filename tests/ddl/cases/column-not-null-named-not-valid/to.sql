-- exact
create table public.t (a int);
alter table public.t add constraint a_is_there not null a not valid;
