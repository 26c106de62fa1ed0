reindex (concurrently) table app.items;
insert into app.trail values ('down');
