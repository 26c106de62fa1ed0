delete from users where phone is null;
