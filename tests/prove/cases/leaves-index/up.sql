alter table users add column nickname text;
create index users_email on users (email);
