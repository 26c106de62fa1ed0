create extension btree_gist;
create table bookings (
  room integer not null,
  during tstzrange not null,
  exclude using gist (room with =, during with &&)
);
create table stays (
  guest text not null,
  from_day date not null,
  to_day date not null,
  check (from_day < to_day),
  exclude using gist (guest with =, daterange(from_day, to_day) with &&)
);
create table circles (c circle not null, exclude using gist (c with &&));
