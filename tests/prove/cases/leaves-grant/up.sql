grant select on users to pg_monitor;
alter table users add column nickname text;
