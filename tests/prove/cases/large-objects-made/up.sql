alter table notes add column content oid;
update notes set content = lo_from_bytea(0, convert_to(body, 'utf8'));
