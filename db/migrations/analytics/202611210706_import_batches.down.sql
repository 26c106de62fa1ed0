-- What:  drops the record of imports with its indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.import_batches;
