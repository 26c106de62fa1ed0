create table users (
  id bigint generated always as identity primary key,
  email text not null
);
create table states (
  id bigint generated always as identity primary key,
  user_id bigint not null unique references users (id),
  seen timestamptz not null
);
insert into users (email) values ('Ada@example.org'), ('Bob@example.org'), ('Cy@example.org');
insert into states (user_id, seen) select id, '2026-01-01' from users;
