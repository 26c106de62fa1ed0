create or replace view account_ids as select id from accounts;
