-- What:  drops versions, then models, with their indexes, foreign key and triggers.
-- Locks: access exclusive on the tables that go.

drop table platform.model_versions;

drop table platform.models;
