set role plinth_fault_owner;
create table app.owned (id integer not null, note text);
insert into app.owned select n, 'note' from generate_series(1, 50) as n;
create index concurrently owned_id_idx on app.owned (id);
insert into app.trail values ('up 1 as ' || current_user);
vacuum app.owned;
insert into app.trail values ('up 2 as ' || current_user);
