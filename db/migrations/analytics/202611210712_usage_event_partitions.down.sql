-- What:  drops the function. Partitions it has made belong to the table and stay.
-- Locks: none on any table.

drop function analytics.ensure_usage_event_partitions(timestamptz, timestamptz);
