create index concurrently on app.items (kind, amount);
insert into app.trail values ('up');
