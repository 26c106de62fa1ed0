-- The names depend on a setting of the session, which a later session must have too.
set search_path = app;
insert into trail values ('up 1');
create unique index concurrently items_amount_key on items (amount);
alter table items add constraint items_amount_key unique using index items_amount_key;
insert into trail values ('up 2');
