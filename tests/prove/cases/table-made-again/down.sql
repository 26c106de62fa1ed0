create table contacts (
  id integer primary key,
  name text not null
);
insert into contacts select id, name from people;
drop table people;
