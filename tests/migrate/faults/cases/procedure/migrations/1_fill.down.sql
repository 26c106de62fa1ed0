-- plinth: keep=off reason="batches are numbers, made again by the up"
insert into app.trail values ('down 1');
call app.clear();
insert into app.trail values ('down 2');
