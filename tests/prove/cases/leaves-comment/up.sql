comment on column users.phone is 'Where to call.';
alter table users add column nickname text;
