alter table users add column phone text;
create index stray on users (phone);
