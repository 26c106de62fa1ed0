insert into settings values ('size', 'large');
