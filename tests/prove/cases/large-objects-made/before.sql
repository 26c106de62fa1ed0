create table notes (
  id integer primary key,
  body text not null
);
insert into notes values (1, 'first');
