-- What:  drops the rollup month_organization with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_month_organization;
