insert into app.trail values ('down');
alter table app.items drop column note;
drop table app.totals;
