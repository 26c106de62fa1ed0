-- What:  drops usage by minute with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_minute;
