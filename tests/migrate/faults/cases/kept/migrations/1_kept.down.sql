create table app.trail (step text not null);
drop table app.other;
alter table app.items add column amount integer default 0 not null;
insert into app.trail values ('down');
