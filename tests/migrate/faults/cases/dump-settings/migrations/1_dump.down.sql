select pg_catalog.set_config('search_path', '', false);
drop index concurrently app.dumped_id_idx;
insert into app.trail values ('down');
drop table app.dumped;
