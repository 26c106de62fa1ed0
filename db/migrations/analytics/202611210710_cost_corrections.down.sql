-- What:  drops the corrections of costs.
-- Locks: access exclusive on the table that goes.

drop table analytics.cost_corrections;
