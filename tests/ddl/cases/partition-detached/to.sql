create table public.e (at date not null primary key) partition by range (at);
create table public.e_2026 (at date not null primary key);
