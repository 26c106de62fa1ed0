create table people (
  id integer primary key,
  name text not null,
  kind text
);
insert into people select id, name, 'contact' from contacts;
drop table contacts;
