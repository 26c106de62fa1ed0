-- What:  drops the rollup hour_model_status with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.usage_rollups_hour_model_status;
