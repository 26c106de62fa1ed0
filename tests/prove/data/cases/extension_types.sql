create extension hstore;
create extension citext;
create extension ltree;
create extension cube;
create extension isn;
create table extension_types (
  a hstore not null,
  b citext not null unique,
  c ltree not null,
  d lquery not null,
  e cube not null,
  f isbn13 not null,
  g hstore[] not null
);
