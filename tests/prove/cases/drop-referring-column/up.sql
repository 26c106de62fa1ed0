alter table checks drop column scope_id;
