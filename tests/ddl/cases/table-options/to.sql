create unlogged table public.t (a int) with (fillfactor = 70, toast.autovacuum_enabled = off);
alter table public.t replica identity full;
