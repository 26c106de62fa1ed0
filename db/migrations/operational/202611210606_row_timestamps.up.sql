-- What:  the trigger function behind every updated_at and created_at.
-- Why:   what the database keeps, no client can forget or forge. An update that sends created_at back
--        is not refused but ignored: a client that writes whole rows has often cut it to milliseconds,
--        and must not fail, nor rewrite history, for that.
--        An update that changes nothing leaves updated_at alone, so a seed can run twice.
-- Locks: none on any table.

create function platform.touch_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.created_at := old.created_at;
  if new is distinct from old then
    new.updated_at := now();
  end if;
  return new;
end
$$;

comment on function platform.touch_updated_at() is
  'Before update, for each row: keeps created_at as it was and, if the row changes, sets updated_at to the transaction''s time.';
