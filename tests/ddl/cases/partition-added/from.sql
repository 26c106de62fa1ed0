create table public.e (at date not null, k text) partition by range (at);
create index e_k_idx on public.e (k);
