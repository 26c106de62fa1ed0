alter table accounts add column balance bigint not null default 0;
