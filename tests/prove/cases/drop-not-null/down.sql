alter table users alter column phone set not null, drop column fax;
