-- unfilled: public.never check never_check
-- unfilled: public.of_never foreign key of_never_id_fkey
-- unfilled: public.far check far_n_check
create table never (id integer primary key, a integer not null, b integer not null, check (a < b and b < a));
create table of_never (id integer not null references never);
create table of_never_or_null (id integer references never);
create table far (n text not null check (md5(n) = '0123456789abcdef0123456789abcdef'));
