-- migrate:up
insert into accounts values (1);

-- migrate:down
-- Rows are not taken back.
