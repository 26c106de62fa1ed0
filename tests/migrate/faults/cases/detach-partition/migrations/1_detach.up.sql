insert into app.trail values ('up 1');
alter table app.events detach partition app.events_january concurrently;
insert into app.trail values ('up 2');
