create table readings (
  id bigint generated always as identity primary key,
  level text not null,
  note text
);
