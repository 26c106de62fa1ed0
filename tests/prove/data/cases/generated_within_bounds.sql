create table generated_within_bounds (
  quantity integer not null,
  price numeric(6, 2) not null,
  weight smallint not null,
  total numeric(8, 2) generated always as (quantity * price) stored,
  load smallint generated always as (quantity * weight) stored,
  rest integer generated always as (1000 / nullif(weight, 0)) stored
);
