-- What:  drops the rollup day_organization_key_model with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_day_organization_key_model;
