create table app.regions (code text not null, name text);
copy app.regions (code, name) from stdin;
eu	Europe
us	\N
ap	Asia\tPacific
\.
insert into app.trail values ('up 1');
copy app.trail from stdin with (format csv);
"up, 2"
\.
create index regions_code_idx on app.regions (code);
