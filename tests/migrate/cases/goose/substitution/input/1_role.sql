-- +goose Up
-- +goose ENVSUB ON
create table regions (id bigint primary key, home text default '${REGION}');

-- +goose Down
drop table regions;
