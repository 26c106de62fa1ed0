-- +goose Up
-- +goose ENVSUB ON
create table regions (id bigint primary key);
-- +goose ENVSUB OFF
create function price() returns text language sql as $$ select '${not a variable}' $$;

-- +goose Down
drop function price();
drop table regions;
