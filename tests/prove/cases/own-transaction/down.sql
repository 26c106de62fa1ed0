BEGIN;

update users set note = null;
alter table users drop column note;

COMMIT;
