-- What:  drops the triggers that mark, on usage events and its partitions, their functions and the marks.
-- Locks: access exclusive on analytics.usage_events and its partitions, for their triggers, and on the table that goes.

do $$
declare
  watched regclass;
begin
  for watched in
    select relid from pg_partition_tree('analytics.usage_events') where level > 0
  loop
    execute format('drop trigger if exists rollup_marks_insert on %s', watched);
    execute format('drop trigger if exists rollup_marks_update on %s', watched);
    execute format('drop trigger if exists rollup_marks_delete on %s', watched);
    execute format('drop trigger if exists rollup_marks_truncate on %s', watched);
  end loop;
end
$$;

drop trigger rollup_marks_truncate on analytics.usage_events;

drop trigger rollup_marks_delete on analytics.usage_events;

drop trigger rollup_marks_update on analytics.usage_events;

drop trigger rollup_marks_insert on analytics.usage_events;

drop function analytics.mark_usage_hours(timestamptz, timestamptz);

drop function analytics.watch_usage_partition(regclass);

drop function analytics.mark_changed_usage();

drop function analytics.usage_hours_of(regclass);

drop table analytics.rollup_horizons;

drop table analytics.rollup_marks;
