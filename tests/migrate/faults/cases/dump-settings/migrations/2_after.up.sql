-- Needs the search path that the session began with.
create table public.after_dump (id integer not null);
create table unqualified (id integer not null);
