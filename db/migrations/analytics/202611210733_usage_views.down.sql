-- What:  drops the views. What they show stays in the rollups.
-- Locks: access exclusive on the views that go.

drop view analytics.usage_by_model, analytics.usage_by_month, analytics.usage_by_day, analytics.usage_by_hour;
