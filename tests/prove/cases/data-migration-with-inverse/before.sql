create table prices (id int primary key, cents int not null);
insert into prices values (1, 100), (2, 250);
