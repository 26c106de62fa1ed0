-- blocks writes: Nobody writes public.t while SHARE ROW EXCLUSIVE is held.
create or replace trigger t_touch
  after insert or update of a on public.t
  for each row
  when ((new.a > 0))
  execute function public.f();

-- blocks writes: Nobody writes public.t while SHARE ROW EXCLUSIVE is held.
alter table public.t
  enable always trigger t_touch;
