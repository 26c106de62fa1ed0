alter table users drop column mood;
