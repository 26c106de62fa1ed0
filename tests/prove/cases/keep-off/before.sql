create table users (
  id bigint generated always as identity primary key,
  email text not null,
  phone text
);
insert into users (email, phone) values ('Ada@example.org', '555-1'), ('Bob@example.org', '555-2'), ('Cy@example.org', null);
