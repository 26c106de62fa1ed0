create table networks_and_shapes (
  a inet primary key,
  b cidr not null,
  c macaddr not null unique,
  d macaddr8 not null,
  e point not null,
  f line not null,
  g lseg not null,
  h box not null,
  i path not null,
  j polygon not null,
  k circle not null,
  l pg_lsn not null,
  m pg_snapshot not null
);
