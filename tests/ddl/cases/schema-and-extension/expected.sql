create schema app;

create extension pg_trgm schema app;

comment on extension pg_trgm is 'text similarity measurement and index searching based on trigrams';

create table app.t (
  name text
);

create index t_trgm
  on app.t using gin (name app.gin_trgm_ops);
