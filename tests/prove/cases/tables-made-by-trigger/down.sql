alter table teams drop column motto;
