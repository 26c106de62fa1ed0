create table bits_and_bytes (
  a bit not null,
  b bit(5) not null unique,
  c bit varying not null,
  d bit varying(7) not null,
  e bytea primary key,
  f uuid not null unique
);
