alter table users alter column phone set default 'none';
create view callers as select phone from users;
