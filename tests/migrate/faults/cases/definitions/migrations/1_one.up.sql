-- Migrations that only define: from the second on, several go in one message.
create table app.one (id integer not null);
