-- since: 18
create extension btree_gist;
create table contracts (id integer not null, valid daterange not null, primary key (id, valid without overlaps));
create table terms (
  id integer primary key,
  contract_id integer not null,
  valid daterange not null,
  foreign key (contract_id, period valid) references contracts (id, period valid)
);
create table virtual_columns (a integer not null, b integer generated always as (a * 2) virtual, c numeric(3, 1) not null, d numeric(4, 2) generated always as (c * 2) virtual);
create table not_enforced (a integer not null check (a > 10) not enforced);
