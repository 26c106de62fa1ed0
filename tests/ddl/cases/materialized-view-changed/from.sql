create table public.users (id bigint primary key, email text);
create materialized view public.m as select id from public.users;
create unique index m_idx on public.m (id);
