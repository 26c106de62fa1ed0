-- What:  drops the helpers, then the schema, which must be empty.
-- Locks: none on any table.

drop function analytics.uuid_v7_time(uuid);

drop function analytics.uuid_v7_at(timestamptz);

drop schema analytics;
