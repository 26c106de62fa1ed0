create function diesel_manage() returns int language sql as 'select 1';
