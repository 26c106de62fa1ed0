-- What:  drops entitlements with their indexes, foreign keys and trigger.
-- Locks: access exclusive on the table that goes and, to take the foreign keys off,
--        on platform.models and platform.organizations.

drop table platform.model_entitlements;
