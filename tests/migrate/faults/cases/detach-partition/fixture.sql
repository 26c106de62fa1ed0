create table app.events (day date not null, note text) partition by range (day);
create table app.events_january partition of app.events for values from ('2026-01-01') to ('2026-02-01');
create table app.events_february partition of app.events for values from ('2026-02-01') to ('2026-03-01');
insert into app.events values ('2026-01-05', 'one'), ('2026-02-05', 'two');
