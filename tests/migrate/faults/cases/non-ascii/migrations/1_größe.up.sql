-- Größe, 大きさ, μέγεθος, 🐘
create table app."Größe 🐘" ("höhe" integer, "名前" text default 'naïve 🐘');
insert into app."Größe 🐘" values (1, 'Ελλάδα');
create index concurrently "Größe 🐘 名前" on app."Größe 🐘" ("名前");
insert into app.trail values ('hinauf 🐘');
