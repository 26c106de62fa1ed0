create table texts (
  a text primary key,
  b varchar not null,
  c varchar(3) not null unique,
  d char(1) not null,
  e char(10) not null unique,
  f "char" not null,
  g name not null,
  h text collate "C" not null,
  i varchar(1)
);
