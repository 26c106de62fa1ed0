alter table app.events_january drop constraint if exists events_january_day_check;
alter table app.events attach partition app.events_january for values from ('2026-01-01') to ('2026-02-01');
insert into app.trail values ('down');
