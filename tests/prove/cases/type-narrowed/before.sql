create table codes (id int primary key, code text not null);
insert into codes values (1, 'a long code'), (2, 'b');
