start transaction;
insert into app.trail values ('down 1');
drop table app.second;
end;
begin;
insert into app.trail values ('down 2');
drop table app.first;
commit;
