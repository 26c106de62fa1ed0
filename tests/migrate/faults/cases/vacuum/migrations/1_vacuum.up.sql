insert into app.trail values ('up 1');
delete from app.items where id > 250;
vacuum (analyze) app.items;
insert into app.trail values ('up 2');
alter table app.items add constraint items_amount_check check (amount > 0);
