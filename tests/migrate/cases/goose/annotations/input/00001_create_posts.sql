-- +goose Up
-- +goose StatementBegin
create function touch() returns trigger language plpgsql as $$
begin
  new.touched_at := now();
  return new;
end
$$;
-- +goose StatementEnd
create table posts (id bigint primary key, touched_at timestamptz);

-- +goose Down
drop table posts;
drop function touch();
