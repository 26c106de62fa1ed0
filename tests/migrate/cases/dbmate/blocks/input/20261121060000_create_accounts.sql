-- Accounts, and what they owe.
-- migrate:up
create table accounts (
  id bigint primary key
);

create function owed(account bigint) returns bigint language plpgsql as $$
begin
  -- migrate:nothing, only a comment;
  return account;
end
$$;

-- migrate:down
drop function owed(bigint);
drop table accounts;
