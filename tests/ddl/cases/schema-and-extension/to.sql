create schema app;
create extension pg_trgm schema app;
create table app.t (name text);
create index t_trgm on app.t using gin (name app.gin_trgm_ops);
