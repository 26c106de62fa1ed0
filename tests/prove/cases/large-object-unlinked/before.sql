create table documents (
  id integer primary key,
  content oid not null
);
insert into documents values (1, lo_from_bytea(0, 'draft'));
