-- What:  drops the rejected rows of imports.
-- Locks: access exclusive on the table that goes, and on analytics.import_batches for the foreign key.

drop table analytics.usage_rejects;
