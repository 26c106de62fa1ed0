-- What:  the contrib extension btree_gist, unless the database has it already.
-- Why:   "no two prices of one version and kind at one time" is an exclusion constraint over a uuid, two
--        texts and a range; GiST compares the range by itself and the others only with btree_gist.
--        The extension is trusted: who may create in the database may create it. Where a provider
--        forbids even that, an administrator creates it first, in any schema, and this does nothing.
-- How:   an extension exists once in a database and others may use it. To take back exactly what was
--        done, the comment says who created it: ours carries the mark, and only a marked one is dropped.
--        "if not exists" could not tell the two apart. It goes to public, where anybody's constraint
--        may use it; the operator classes are found through the type, so no search path is needed.
-- Locks: none on any table of ours.

do $$
begin
  if not exists (
    select
    from pg_catalog.pg_extension
    where extname = 'btree_gist'
  ) then
    create extension btree_gist with schema public;
    comment on extension btree_gist is
      'GiST operator classes of B-tree types. Created by the migration 202611210624_btree_gist.';
  end if;
end
$$;
