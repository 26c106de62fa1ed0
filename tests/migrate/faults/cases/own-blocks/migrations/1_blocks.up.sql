begin;
create table app.first (id integer not null);
insert into app.trail values ('up 1');
commit;
insert into app.trail values ('up 2');
begin isolation level serializable;
create table app.second (id integer not null);
insert into app.trail select 'up 3' from app.items where id = 1;
commit;
