-- no-transaction
create index concurrently accounts_idx on accounts (id);
