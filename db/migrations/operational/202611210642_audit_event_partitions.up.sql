-- What:  the function that makes the months of the audit trail.
-- Why:   upkeep calls it ahead of time and as often as it likes. A month is made apart and then
--        attached, which lets readers and writers go on; "create table … partition of" would lock
--        them all out.
-- How:   if something is missing, the lock that attaching takes anyway is taken first. It excludes
--        itself, so of two calls at once the second waits, looks again and finds the work done.
-- Locks: none on any table. The function, when something is missing, takes share update exclusive
--        on platform.audit_events until the end of the transaction.

create function platform.ensure_audit_event_partitions(from_time timestamptz, to_time timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  max_partitions constant integer := 240;
  parent constant regclass := 'platform.audit_events';
  month timestamp;
  last_month timestamp;
  partition_name text;
  existing regclass;
  created integer := 0;
begin
  -- Null is neither finite nor before anything: it must not slip through as "not true".
  if not coalesce(isfinite(from_time) and isfinite(to_time) and from_time < to_time, false) then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format(
        'Cannot make audit partitions from %s to %s: the end must come after the beginning',
        from_time,
        to_time
      ),
      hint = 'Give two finite times, the earlier one first.';
  end if;
  month := date_trunc('month', from_time at time zone 'UTC');
  last_month := date_trunc('month', (to_time - interval '1 microsecond') at time zone 'UTC');
  if last_month >= month + max_partitions * interval '1 month' then
    raise exception using
      errcode = 'program_limit_exceeded',
      message = format(
        'Cannot make audit partitions from %s to %s: that is more than %s months',
        from_time,
        to_time,
        max_partitions
      ),
      hint = 'Call it for shorter spans.';
  end if;

  while month <= last_month loop
    partition_name := 'audit_events_' || to_char(month, '"y"YYYY"m"MM');
    existing := to_regclass(format('platform.%I', partition_name));
    if existing is null then
      lock table platform.audit_events in share update exclusive mode;
      existing := to_regclass(format('platform.%I', partition_name));
    end if;
    if existing is null then
      execute format('create table platform.%I (like platform.audit_events including all)', partition_name);
      execute format(
        'comment on table platform.%I is %L',
        partition_name,
        'Audit events of ' || to_char(month, 'YYYY-MM') || ' (UTC).'
      );
      execute format(
        'create trigger audit_events_refuse_truncate before truncate on platform.%I '
        'for each statement execute function platform.refuse_change()',
        partition_name
      );
      execute format(
        'comment on trigger audit_events_refuse_truncate on platform.%I is %L',
        partition_name,
        'Refuses truncate of the partition.'
      );
      execute format(
        'alter table platform.audit_events attach partition platform.%I for values from (%L) to (%L)',
        partition_name,
        to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
      );
      created := created + 1;
    elsif pg_partition_root(existing) is distinct from parent then
      raise exception using
        errcode = 'duplicate_table',
        message = format(
          'Cannot make the audit partition %s: a relation of that name exists and is not a partition of %s',
          existing,
          parent
        ),
        hint = 'Attach it again, or drop or rename it.';
    end if;
    month := month + interval '1 month';
  end loop;
  return created;
end
$$;

comment on function platform.ensure_audit_event_partitions(timestamptz, timestamptz) is
  'Makes the monthly partitions (UTC) of platform.audit_events that are missing for from_time (included) to to_time (excluded), at most 240;'
  ' returns how many it made. Safe to repeat and to call twice at once.';
