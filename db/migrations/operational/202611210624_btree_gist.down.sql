-- What:  drops btree_gist if, and only if, the up created it: its comment says so.
-- Why:   an extension that was there before is somebody else's. One that is ours but that another
--        schema has come to need is not dropped either: without cascade the statement fails, and says why.
-- Locks: none on any table of ours.

do $$
begin
  if exists (
    select
    from pg_catalog.pg_extension
    where extname = 'btree_gist'
      and obj_description(oid, 'pg_extension') like '%Created by the migration 202611210624_btree_gist.'
  ) then
    drop extension btree_gist;
  end if;
end
$$;
