alter table users alter column phone drop not null, add column fax text;
