-- As pg_dump writes it: the search path is emptied, for the whole session.
set statement_timeout = 0;
set lock_timeout = 0;
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
select pg_catalog.set_config('search_path', '', false);
set check_function_bodies = false;
set row_security = off;
create table app.dumped (id integer not null, note text default 'a\b');
create index concurrently dumped_id_idx on app.dumped using btree (id);
insert into app.dumped values (1);
insert into app.trail values ('up');
