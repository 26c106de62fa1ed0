-- What:  drops organizations with their indexes and trigger.
-- Locks: access exclusive on the table that goes.

drop table platform.organizations;
