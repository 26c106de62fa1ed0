create function public.f() returns trigger language plpgsql as 'begin return new; end';
create table public.t (a int, b int);
create trigger t_touch before update on public.t for each row execute function public.f();
