insert into app.trail values ('up 1');
reindex index concurrently app.items_pkey;
insert into app.trail values ('up 2');
reindex table concurrently app.items;
