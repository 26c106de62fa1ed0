-- What:  drops the audit trail with its partitions, indexes and triggers, then their function.
-- Locks: access exclusive on the table that goes and on its partitions.

drop table platform.audit_events;

drop function platform.refuse_change();
