create function public.f() returns trigger language plpgsql as 'begin return new; end';
create table public.t (a int, b int);
create trigger t_touch after insert or update of a on public.t for each row when (new.a > 0) execute function public.f();
alter table public.t enable always trigger t_touch;
