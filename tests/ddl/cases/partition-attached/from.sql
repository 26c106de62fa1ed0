create table public.e (at date not null) partition by range (at);
create table public.e_2026 (at date not null);
