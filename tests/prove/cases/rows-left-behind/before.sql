create table settings (name text primary key, value text not null);
insert into settings values ('colour', 'blue');
