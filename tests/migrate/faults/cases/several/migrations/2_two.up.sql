create index concurrently items_two_idx on app.items (amount);
insert into app.trail values ('up 2');
