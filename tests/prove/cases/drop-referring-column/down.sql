alter table checks add column scope_id bigint references scopes (id);
