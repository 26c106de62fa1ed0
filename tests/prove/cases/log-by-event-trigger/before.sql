create table changes (
  id bigint generated always as identity primary key,
  what text not null
);
create function note_change() returns event_trigger language plpgsql as $$
begin
  insert into changes (what) values (tg_tag);
end
$$;
create event trigger note_change on ddl_command_end when tag in ('CREATE TABLE') execute function note_change();
