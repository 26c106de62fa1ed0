create table builds (
  id bigint generated always as identity primary key,
  status text not null,
  engine_metadata text
);
