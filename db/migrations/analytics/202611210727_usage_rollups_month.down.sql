-- What:  drops usage by month with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_month;
