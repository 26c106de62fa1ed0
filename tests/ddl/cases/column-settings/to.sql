create table public.t (a text collate "C");
alter table public.t alter a set storage external, alter a set statistics 200, alter a set compression pglz;
