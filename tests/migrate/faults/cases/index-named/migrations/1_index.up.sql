insert into app.trail values ('up 1');
create index concurrently items_kind_idx on app.items (kind);
insert into app.trail values ('up 2');
create index concurrently "Items amount" on app.items (amount desc) where amount > 10;
