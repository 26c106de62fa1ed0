drop view app.amounts;
insert into app.trail values ('down 4');
