-- +migrate Up
create table accounts (id bigint primary key);

-- +migrate Down
drop table accounts;

-- +migrate Up
create index accounts_idx on accounts (id);
