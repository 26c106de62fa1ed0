create type mood as enum ('good', 'bad');
alter table users add column mood mood;
