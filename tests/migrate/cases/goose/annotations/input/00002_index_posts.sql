-- +goose NO TRANSACTION

-- +goose up
create index concurrently posts_touched_at_idx on posts (touched_at);

-- +goose down
drop index concurrently posts_touched_at_idx;
