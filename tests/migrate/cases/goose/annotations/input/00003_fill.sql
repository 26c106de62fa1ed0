-- +goose Up
update posts set touched_at = now();

-- +goose Down
