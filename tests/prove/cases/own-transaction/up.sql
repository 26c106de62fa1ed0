BEGIN;

alter table users add column note text;
update users set note = 'old' where id = 1;

COMMIT;
