create table checks (id bigint generated always as identity primary key, scope_id bigint references scopes (id), status text not null);
