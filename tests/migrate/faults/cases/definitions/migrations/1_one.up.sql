-- Migrations that only define and destroy nothing: from the second on, several go in one message.
create table app.one (id integer not null);
