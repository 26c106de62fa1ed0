alter table screening_files rename column screening_id to check_id;
alter table screening_files rename to sanction_check_files;
alter table screenings rename to sanction_checks;
