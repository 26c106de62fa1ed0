alter table codes alter column code type text;
