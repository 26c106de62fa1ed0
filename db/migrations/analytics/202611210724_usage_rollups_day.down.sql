-- What:  drops usage by day with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_day;
