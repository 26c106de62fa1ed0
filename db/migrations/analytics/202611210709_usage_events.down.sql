-- What:  drops usage events with their partitions and indexes.
-- Locks: access exclusive on the table that goes and on its partitions.

drop table analytics.usage_events;
