alter table app.items add column kind text;
insert into app.trail values ('down 1');
create index concurrently items_amount_idx on app.items (amount);
drop index concurrently app.items_amount_idx;
insert into app.trail values ('down 2');
vacuum app.trail;
