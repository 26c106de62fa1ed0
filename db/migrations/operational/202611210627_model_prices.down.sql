-- What:  drops prices with their indexes, constraints and trigger.
-- Locks: access exclusive on the table that goes and, to take the foreign key off,
--        on platform.model_versions.

drop table platform.model_prices;
