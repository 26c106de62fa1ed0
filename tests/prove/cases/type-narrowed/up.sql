alter table codes alter column code type varchar(3) using left(code, 3);
