-- What:  drops the counters and reservations of budgets with their functions.
-- Why:   what was spent is known to the rollups; what is reserved ends with the requests that are under way.
-- Locks: access exclusive on the tables that go; share row exclusive on platform.budgets and
--        platform.organizations for their triggers.

drop trigger organizations_move_budget_periods on platform.organizations;

drop function platform.move_budget_periods();

drop trigger budgets_divide_anew on platform.budgets;

drop function platform.divide_budget_anew();

drop function platform.release_expired_budget_reservations(integer);

drop function platform.settle_budget(uuid, uuid, bigint);

drop function platform.reserve_budget(uuid, uuid, bigint, text, interval, timestamptz);

drop function platform.release_budget(uuid, uuid);

drop function platform.raise_budget_alerts(uuid, uuid, timestamptz);

drop function platform.divide_budget(uuid, uuid, timestamptz, bigint, smallint, bigint);

drop function platform.budget_hard_limit(bigint, bigint);

drop function platform.budget_period_start(text, timestamptz, text, timestamptz);

drop table platform.budget_reservations;

drop table platform.budget_counters;
