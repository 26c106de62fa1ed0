delete from accounts;
