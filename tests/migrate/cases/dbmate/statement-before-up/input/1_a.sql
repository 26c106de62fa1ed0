create type mood as enum ('calm');
-- migrate:up
select 1;
-- migrate:down
select 1;
