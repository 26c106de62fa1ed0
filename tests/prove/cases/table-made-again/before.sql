create table contacts (
  id integer primary key,
  name text not null
);
insert into contacts values (1, 'ada'), (2, 'bob');
