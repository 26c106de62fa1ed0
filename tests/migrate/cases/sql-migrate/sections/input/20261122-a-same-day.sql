-- +migrate Up
-- +migrate StatementBegin
create function owed() returns int language plpgsql as $$
begin
  return 1;
end
$$;
-- +migrate StatementEnd

-- +migrate Down
drop function owed();
