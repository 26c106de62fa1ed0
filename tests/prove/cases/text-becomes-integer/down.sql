alter table readings alter column level type text;
