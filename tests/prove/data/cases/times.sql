create table times (
  a date primary key,
  b time not null,
  c time(0) not null,
  d timetz not null,
  e timestamp(3) not null,
  f timestamptz not null unique,
  g timestamptz(0) not null,
  h interval not null,
  i interval year to month not null,
  j interval second(2) not null unique
);
