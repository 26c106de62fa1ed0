create table numbers (
  a smallint not null,
  b integer not null,
  c bigint not null,
  d numeric not null,
  e numeric(5, 2) not null,
  f numeric(3, 3) not null,
  g numeric(4, -2) not null,
  h real not null,
  i double precision not null,
  j money not null,
  k boolean not null,
  l oid not null,
  m numeric(20) unique,
  n smallint primary key
);
