-- What:  drops budgets with their indexes, foreign key and trigger.
-- Locks: access exclusive on the table that goes and, to take the foreign key off,
--        on platform.organizations.

drop table platform.budgets;
