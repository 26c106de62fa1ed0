set session authorization plinth_fault_owner;
drop index concurrently app.owned_id_idx;
insert into app.trail values ('down as ' || session_user);
drop table app.owned;
