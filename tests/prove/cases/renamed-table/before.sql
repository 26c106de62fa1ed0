create table sanction_checks (id bigint generated always as identity primary key, state text not null);
create table sanction_check_files (
  id bigint generated always as identity primary key,
  check_id bigint not null references sanction_checks (id),
  path text
);
insert into sanction_checks (state) values ('open'), ('done');
insert into sanction_check_files (check_id, path) values (1, 'a'), (2, null);
