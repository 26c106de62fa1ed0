create table accounts (
  id integer primary key,
  name text not null
);
create table audit_log (
  id bigint generated always as identity primary key,
  account_id integer,
  what text not null
);
create function note_change() returns trigger language plpgsql as $$
begin
  insert into audit_log (account_id, what) values (coalesce(new.id, old.id), tg_op);
  return null;
end
$$;
create trigger note_change after insert or update or delete on accounts
for each row execute function note_change();
insert into accounts values (1, 'ada'), (2, 'bob');
