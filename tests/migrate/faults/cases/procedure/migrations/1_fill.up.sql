insert into app.trail values ('up 1');
insert into app.trail values ('up 2');
call app.fill(5);
insert into app.trail values ('up 3');
do $$
begin
  insert into app.batches values (6) on conflict do nothing;
  commit;
end
$$;
insert into app.trail values ('up 4');
