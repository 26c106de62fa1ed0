-- A small schema with every kind of relation, and with names that have to be escaped.
create schema library;
create schema "people & co";

create type library.genre as enum ('novel', 'poetry', 'it''s "other"');

create table "people & co".persons (
  id bigint generated always as identity primary key,
  email character varying(120) not null unique,
  full_name text not null,
  referred_by bigint references "people & co".persons (id)
);
comment on table "people & co".persons is 'Readers and authors.
One row a human being.';
comment on column "people & co".persons.referred_by is 'Who brought them <in>; "nobody" is null.';

create table "people & co".cards (
  person_id bigint primary key references "people & co".persons (id) on delete cascade,
  number text not null default '`none`'
);

create table library.books (
  branch_id integer not null,
  id integer not null,
  title text not null,
  genre library.genre not null default 'novel',
  price numeric(10, 2),
  added_at timestamp with time zone not null default now(),
  tags text[],
  "select" boolean,
  constraint books_pk primary key (branch_id, id)
);

create table library.authors (
  branch_id integer not null,
  book_id integer not null,
  person_id bigint not null,
  constraint authors_pk primary key (branch_id, book_id, person_id),
  constraint authors_book_fk foreign key (branch_id, book_id) references library.books (branch_id, id),
  constraint authors_person_fk foreign key (person_id) references "people & co".persons (id)
);

create table library.loans (
  branch_id integer not null,
  book_id integer,
  person_id bigint references "people & co".persons (id) on delete set null,
  lent_on date not null,
  constraint loans_book_fk foreign key (branch_id, book_id) references library.books (branch_id, id)
) partition by range (lent_on);
create table library.loans_2025 partition of library.loans for values from ('2025-01-01') to ('2026-01-01');
create table library.loans_2026 partition of library.loans for values from ('2026-01-01') to ('2027-01-01');

create table library.settings (name text primary key, value jsonb);
