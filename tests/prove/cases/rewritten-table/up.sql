alter table users alter column id type int;
