update accounts set name = upper(name);
insert into audit_log (what) values ('names in capitals');
