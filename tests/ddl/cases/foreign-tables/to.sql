create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere options (host 'example.org', password 'x');
create user mapping for public server elsewhere options (user 'u');
create foreign table public.r (id int options (name 'ID')) server elsewhere options (tab 'T');
