-- What:  the function that makes the days of usage events.
-- Why:   upkeep calls it ahead of time and as often as it likes; an import calls it for the days of its
--        file. A day is made apart and then attached, which lets readers and writers go on;
--        "create table … partition of" would lock them all out.
-- How:   if something is missing, the lock that attaching takes anyway is taken first. It excludes
--        itself, so of two calls at once the second waits, looks again and finds the work done.
-- Locks: none on any table. The function, when something is missing, takes share update exclusive
--        on analytics.usage_events until the end of the transaction.

create function analytics.ensure_usage_event_partitions(from_time timestamptz, to_time timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  max_partitions constant integer := 1100;
  parent constant regclass := 'analytics.usage_events';
  day timestamp;
  last_day timestamp;
  partition_name text;
  existing regclass;
  created integer := 0;
begin
  -- Null is neither finite nor before anything: it must not slip through as "not true".
  if not coalesce(isfinite(from_time) and isfinite(to_time) and from_time < to_time, false) then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format(
        'Cannot make usage partitions from %s to %s: the end must come after the beginning',
        from_time,
        to_time
      ),
      hint = 'Give two finite times, the earlier one first.';
  end if;
  day := date_trunc('day', from_time at time zone 'UTC');
  last_day := date_trunc('day', (to_time - interval '1 microsecond') at time zone 'UTC');
  if last_day >= day + max_partitions * interval '1 day' then
    raise exception using
      errcode = 'program_limit_exceeded',
      message = format(
        'Cannot make usage partitions from %s to %s: that is more than %s days',
        from_time,
        to_time,
        max_partitions
      ),
      hint = 'Call it for shorter spans.';
  end if;

  while day <= last_day loop
    partition_name := 'usage_events_' || to_char(day, 'YYYYMMDD');
    existing := to_regclass(format('analytics.%I', partition_name));
    if existing is null then
      lock table analytics.usage_events in share update exclusive mode;
      existing := to_regclass(format('analytics.%I', partition_name));
    end if;
    if existing is null then
      execute format('create table analytics.%I (like analytics.usage_events including all)', partition_name);
      execute format(
        'comment on table analytics.%I is %L',
        partition_name,
        'Usage events of ' || to_char(day, 'YYYY-MM-DD') || ' (UTC).'
      );
      perform analytics.watch_usage_partition(format('analytics.%I', partition_name)::regclass);
      execute format(
        'alter table analytics.usage_events attach partition analytics.%I for values from (%L) to (%L)',
        partition_name,
        to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(day + interval '1 day', 'YYYY-MM-DD') || ' 00:00:00+00'
      );
      created := created + 1;
    elsif pg_partition_root(existing) is distinct from parent then
      raise exception using
        errcode = 'duplicate_table',
        message = format(
          'Cannot make the usage partition %s: a relation of that name exists and is not a partition of %s',
          existing,
          parent
        ),
        hint = 'Attach it again, or drop or rename it.';
    end if;
    day := day + interval '1 day';
  end loop;
  return created;
end
$$;

comment on function analytics.ensure_usage_event_partitions(timestamptz, timestamptz) is
  'Makes the daily partitions (UTC) of analytics.usage_events that are missing for from_time (included) to to_time (excluded), at most 1100;'
  ' returns how many it made. Safe to repeat and to call twice at once.';
