create table teams (
  id bigint generated always as identity primary key,
  name text not null unique
);
create function make_team_events() returns trigger language plpgsql as $$
begin
  execute format('create table team_events_%s (line text)', new.id);
  return null;
end
$$;
create function drop_team_events() returns trigger language plpgsql as $$
begin
  execute format('drop table if exists team_events_%s', old.id);
  return null;
end
$$;
create trigger make_events after insert on teams for each row execute function make_team_events();
create trigger drop_events after delete on teams for each row execute function drop_team_events();
