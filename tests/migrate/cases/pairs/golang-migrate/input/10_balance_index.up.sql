create index concurrently accounts_balance_idx on accounts (balance);
