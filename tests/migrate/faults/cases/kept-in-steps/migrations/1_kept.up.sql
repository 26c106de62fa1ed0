-- Each transaction keeps for itself; what is resumed keeps nothing twice.
update app.items set amount = amount + 1;
create index concurrently items_kind_idx on app.items (kind);
delete from app.items where id % 2 = 0;
insert into app.trail values ('up');
vacuum app.trail;
alter table app.items drop column kind;
