create or replace view people_ids as select id from people;
