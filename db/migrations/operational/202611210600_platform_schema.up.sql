-- What:  the schema that holds everything services read and write while they serve.
-- Why:   one schema of our own, so that the foundation lives beside other schemas of a
--        database and can be granted, dumped and dropped as a whole.
-- Locks: none on any table.

create schema platform;

comment on schema platform is
  'Operational data of the platform: organizations, their members, keys, models, prices, limits and audit trail.';
