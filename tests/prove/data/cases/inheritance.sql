create table cities (name text not null, population integer check (population > 0));
create table capitals (country char(2) not null unique) inherits (cities);
