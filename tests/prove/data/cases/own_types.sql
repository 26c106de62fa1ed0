create schema app;
create type app.mood as enum ('sad', 'it''s "fine"', 'happy');
create type app.address as (street text, number integer, tags text[], mood app.mood);
create domain app.positive as integer check (value > 0);
create domain app.small as app.positive not null check (value < 10);
create domain app.email as text check (value ~ '^[a-z0-9.]+@[a-z0-9]+\.[a-z]{2,}$');
create domain app.country as char(2) default 'DE' check (value ~ '^[A-Z]{2}$');
create domain app.ratio as numeric(4, 3) check (value >= 0 and value <= 1);
create domain app.tag as text check (value = lower(value) and length(value) between 2 and 12);
create table app.own_types (
  a app.mood not null,
  b app.mood[] not null,
  c app.address not null,
  d app.address[] not null,
  e app.positive primary key,
  f app.small,
  g app.email not null unique,
  h app.country not null,
  i app.ratio not null,
  j app.tag[] not null,
  k integer[][] not null,
  l text[] not null check (cardinality(l) >= 1),
  m app.positive[] not null
);
create table app.one_per_mood (mood app.mood primary key);
