-- Down Migration
drop view account_ids;

---- up migration: the view
create view account_ids as select id from accounts;
