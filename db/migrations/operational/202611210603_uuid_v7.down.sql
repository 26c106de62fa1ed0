-- What:  drops platform.uuid_v7().
-- Locks: none on any table.

drop function platform.uuid_v7();
