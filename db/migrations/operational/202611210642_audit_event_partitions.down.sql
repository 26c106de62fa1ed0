-- What:  drops the function. Partitions it has made belong to the table and stay.
-- Locks: none on any table.

drop function platform.ensure_audit_event_partitions(timestamptz, timestamptz);
