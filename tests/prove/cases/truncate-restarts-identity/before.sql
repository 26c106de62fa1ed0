create table events (
  id bigint generated always as identity primary key,
  kind text not null
);
insert into events (kind) values ('made'), ('sent'), ('read');
