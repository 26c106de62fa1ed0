create table app.batches (number integer not null, constraint batches_pkey primary key (number));

-- Commits only where it finds work, as batched procedures do: PostgreSQL then refuses it in a transaction the
-- first time, and may accept it there when it is run again.
create procedure app.fill(last integer)
  language plpgsql
  as $$
begin
  for n in 1..last loop
    insert into app.batches values (n) on conflict do nothing;
    if found then
      commit;
    end if;
  end loop;
end
$$;

create procedure app.clear()
  language plpgsql
  as $$
begin
  for n in 1..3 loop
    delete from app.batches where number % 3 = n - 1;
    commit;
  end loop;
end
$$;
