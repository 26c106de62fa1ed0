create index concurrently users_email on users (email);
create index concurrently users_phone on users (phone);
