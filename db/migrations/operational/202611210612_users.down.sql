-- What:  drops users with their indexes and trigger.
-- Locks: access exclusive on the table that goes.

drop table platform.users;
