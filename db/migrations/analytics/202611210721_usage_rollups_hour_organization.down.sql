-- What:  drops the rollup hour_organization with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_hour_organization;
