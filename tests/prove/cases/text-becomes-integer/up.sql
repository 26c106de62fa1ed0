alter table readings alter column level type integer using level::integer;
