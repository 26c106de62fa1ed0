set search_path = app;
create index concurrently items_amount_idx on items (amount);
alter table items drop constraint items_amount_key;
drop index concurrently items_amount_idx;
insert into trail values ('down');
