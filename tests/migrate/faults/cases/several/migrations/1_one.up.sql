create table app.one (id integer not null);
insert into app.trail values ('up 1');
