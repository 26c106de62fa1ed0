-- What:  drops the dictionary with its sequence and indexes.
-- Locks: access exclusive on the table that goes.

drop table analytics.models;
