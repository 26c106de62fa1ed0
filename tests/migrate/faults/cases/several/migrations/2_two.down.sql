insert into app.trail values ('down 2');
drop index concurrently app.items_two_idx;
