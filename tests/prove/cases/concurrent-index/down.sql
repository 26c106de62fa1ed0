drop index concurrently users_phone;
drop index concurrently users_email;
