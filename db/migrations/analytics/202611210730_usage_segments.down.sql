-- What:  drops the manifest of the history. The files stay where they are.
-- Locks: access exclusive on the table that goes.

drop function analytics.reopen_usage_day(timestamptz);

drop function analytics.refuse_sealed_usage() cascade;

drop table analytics.usage_segments;
