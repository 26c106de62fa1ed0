delete from app.moods where mood = 'cross';
alter type app.mood rename to mood_before;
create type app.mood as enum ('calm', 'glad');
alter table app.moods alter column mood type app.mood using mood::text::app.mood;
drop type app.mood_before;
insert into app.trail values ('down');
