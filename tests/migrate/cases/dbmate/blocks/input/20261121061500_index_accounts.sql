-- migrate:up transaction:false
create index concurrently accounts_id_idx on accounts (id);

-- migrate:down transaction:false
drop index concurrently accounts_id_idx;
