create extension file_fdw;
create server files foreign data wrapper file_fdw;
create foreign table passwords (line text) server files options (filename '/etc/passwd', format 'text', delimiter E'\x01');
create table beside (id integer primary key);
