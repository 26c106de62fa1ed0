create function refuse() returns trigger language plpgsql as $$
begin
  raise exception 'nothing goes in here';
end
$$;
create function lower_name() returns trigger language plpgsql as $$
begin
  new.name := lower(new.name);
  return new;
end
$$;
create function append_only() returns trigger language plpgsql as $$
begin
  raise exception 'append only';
end
$$;
create function swallow() returns trigger language plpgsql as $$
begin
  return null;
end
$$;
create function note_it() returns trigger language plpgsql as $$
begin
  insert into trail (what) values (new.name);
  return new;
end
$$;
create table refused (id integer primary key);
create trigger refuse before insert on refused for each row execute function refuse();
create table trail (id bigserial primary key, what text not null);
create trigger append_only before update or delete on trail for each row execute function append_only();
create table named (name text primary key);
create trigger lower_name before insert on named for each row execute function lower_name();
create trigger note_it after insert on named for each row execute function note_it();
create table of_named (name text not null references named);
create table swallowed (id integer primary key);
create trigger swallow before insert on swallowed for each row execute function swallow();
