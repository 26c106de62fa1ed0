-- What every case starts from: a schema of its own, rows to build indexes on, and a trail without keys, in which
-- a statement that ran twice shows.
create schema app;

create table app.items (
  id integer not null,
  kind text not null,
  amount integer not null,
  constraint items_pkey primary key (id)
);

insert into app.items (id, kind, amount)
select n, 'kind ' || n % 7, n * 3
  from generate_series(1, 300) as n;

create table app.trail (step text not null);
