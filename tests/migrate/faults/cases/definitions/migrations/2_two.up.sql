create table app.two (id integer not null, constraint two_pkey primary key (id));
create index two_id_idx on app.two (id);
