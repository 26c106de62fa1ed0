drop table app.one;
insert into app.trail values ('down 1');
