-- What:  drops API keys with their indexes, foreign keys and trigger.
-- Locks: access exclusive on the table that goes and, to take the foreign keys off,
--        on platform.memberships and platform.organizations.

drop table platform.api_keys;
