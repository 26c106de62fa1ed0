-- What:  drops the rollup day_model_status with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_day_model_status;
