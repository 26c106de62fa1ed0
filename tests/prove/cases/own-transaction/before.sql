create table users (id bigint generated always as identity primary key, email text not null);
insert into users (email) values ('Ada@example.org'), ('Bob@example.org');
