create table teams (id bigint generated always as identity primary key, auth text);
