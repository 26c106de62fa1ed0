insert into app.trail values ('up 1');
alter type app.mood add value 'cross' before 'glad';
insert into app.moods values (2, 'cross');
insert into app.trail values ('up 2');
