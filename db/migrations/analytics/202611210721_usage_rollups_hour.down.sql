-- What:  drops usage by hour with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_hour;
