-- Which of the rarer kinds the database has at all, by the name of their query: most have few of them, and planning a
-- query costs more than knowing that it would find nothing.
select
  exists (select from pg_constraint where contypid <> 0 and oid >= 16384) as "domain-constraints",
  exists (select from pg_partitioned_table) as "partition-keys",
  exists (select from pg_trigger where not tgisinternal) as "triggers",
  exists (select from pg_rewrite where rulename <> '_RETURN' and oid >= 16384) as "rules",
  exists (select from pg_policy) as "policies",
  exists (select from pg_statistic_ext) as "statistics",
  exists (select from pg_event_trigger) as "event-triggers",
  exists (select from pg_foreign_data_wrapper) as "foreign-data-wrappers",
  exists (select from pg_foreign_server) as "foreign-servers",
  exists (select from pg_publication) as "publications",
  exists (select from pg_default_acl) as "default-privileges",
  exists (select from pg_am where oid >= 16384)
  or exists (select from pg_cast where oid >= 16384)
  or exists (select from pg_collation where oid >= 16384)
  or exists (select from pg_conversion where oid >= 16384)
  or exists (select from pg_language where oid >= 16384)
  or exists (select from pg_operator where oid >= 16384)
  or exists (select from pg_opclass where oid >= 16384)
  or exists (select from pg_opfamily where oid >= 16384)
  or exists (select from pg_ts_config where oid >= 16384)
  or exists (select from pg_ts_dict where oid >= 16384)
  or exists (select from pg_ts_parser where oid >= 16384)
  or exists (select from pg_ts_template where oid >= 16384)
  or exists (select from pg_transform where oid >= 16384) as "other-objects"
