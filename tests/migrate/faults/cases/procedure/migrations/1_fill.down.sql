insert into app.trail values ('down 1');
call app.clear();
insert into app.trail values ('down 2');
