drop index concurrently accounts_balance_idx;
