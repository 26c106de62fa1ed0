insert into app.trail values ('hinab 🐘');
drop index concurrently app."Größe 🐘 名前";
drop table app."Größe 🐘";
