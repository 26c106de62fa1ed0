-- What:  takes the schema away. It must be empty: nothing is dropped by cascade.
-- Locks: none on any table.

drop schema platform;
