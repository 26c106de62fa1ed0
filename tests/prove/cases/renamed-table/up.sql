alter table sanction_checks rename to screenings;
alter table sanction_check_files rename to screening_files;
alter table screening_files rename column check_id to screening_id;
