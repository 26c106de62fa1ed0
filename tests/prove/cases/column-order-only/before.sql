create table readings (
  id int primary key,
  unit text default 'C',
  celsius numeric
);
