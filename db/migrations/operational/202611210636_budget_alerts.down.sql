-- What:  drops alerts with their indexes and foreign key.
-- Locks: access exclusive on the table that goes and, to take the foreign key off,
--        on platform.budgets.

drop table platform.budget_alerts;
