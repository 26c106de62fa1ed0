create table scopes (id bigint generated always as identity primary key, name text not null);
create table checks (id bigint generated always as identity primary key, scope_id bigint references scopes (id), status text not null);
insert into scopes (name) select 'scope ' || n from generate_series(1, 6) as n;
insert into checks (scope_id, status) select 7 - n, 'done' from generate_series(1, 6) as n;
