copy app.trail from stdin;
down 1
\.
drop table app.regions;
insert into app.trail values ('down 2');
