create type app.mood as enum ('calm', 'glad');
create table app.moods (id integer not null, mood app.mood not null);
insert into app.moods values (1, 'calm');
