-- Every way of keeping, in one transaction.
update app.items set kind = upper(kind) where id < 20;
delete from app.items where id > 290;
alter table app.items drop column amount;
create table app.other (id integer);
drop table app.trail;
