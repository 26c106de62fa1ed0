insert into app.trail values ('down 1');
drop index concurrently app.items_kind_idx;
insert into app.trail values ('down 2');
drop index concurrently app."Items amount";
