-- What:  the manifest of the history of usage: which files hold the events of days that have left the database, and
--        what stops writing to a day that is on its way out.
-- Why:   history is kept in Parquet files, in a folder or an object store, where a year costs what a day costs here.
--        A file is announced before it is stored, so that none is ever without a row, and counts before its partition
--        is detached, when it was read back and holds every event: a crash at any point leaves the events in one place
--        or in both, and the manifest says which counts.
--        The events of a day with a file are those of the file, and those of its partition that the file does not hold.
-- How:   an event that comes late for such a day finds no partition; making the day again lets it in, and the next
--        sealing merges both into one new file. A replaced file stays in the store until readers are done with it.
--        reopen_usage_day() has its owner's rights, as services that insert events may not make tables; it makes days
--        from the first of the history to the one that runs, and no others.
-- Locks: none but on the new table.

create table analytics.usage_segments (
  day date not null,
  id uuid not null default analytics.uuid_v7_at(clock_timestamp()),
  announced_at timestamptz not null default clock_timestamp(),
  sealed_at timestamptz default clock_timestamp(),
  replaced_at timestamptz,
  removed_at timestamptz,
  events bigint not null,
  file_bytes bigint not null,
  cost_nanos numeric not null,
  tokens numeric not null,
  row_hash numeric not null,
  format smallint not null,
  object_key text not null,
  file_sha256 bytea not null,
  constraint usage_segments_pkey primary key (day, id),
  constraint usage_segments_object_key_key unique (object_key),
  constraint usage_segments_counts_check check (
    events > 0
    and file_bytes > 0
    and cost_nanos >= 0
    and tokens >= 0
  ),
  constraint usage_segments_file_sha256_check check (octet_length(file_sha256) = 32),
  constraint usage_segments_replaced_at_check check (replaced_at is null or sealed_at is not null),
  constraint usage_segments_removed_at_check check (
    removed_at is null
    or sealed_at is null
    or removed_at >= replaced_at
  )
);

create unique index usage_segments_live_day_key
  on analytics.usage_segments (day)
  where sealed_at is not null and replaced_at is null;

create function analytics.refuse_sealed_usage()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PL101',
    message = format('Cannot write usage events to %s: its day is being moved to the history', tg_relid::regclass),
    hint = 'Try again in a moment: then the day can be made again, and takes late events.';
end
$$;

create function analytics.reopen_usage_day(event_time timestamptz)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  event_day constant date := (event_time at time zone 'UTC')::date;
  partition_name constant text := 'usage_events_' || to_char(event_day, 'YYYYMMDD');
begin
  -- A day without events leaves no file: it may be any day from the first of the history on.
  if not coalesce(
    (
      select event_day >= min(s.day) and event_day <= (now() at time zone 'UTC')::date
      from analytics.usage_segments as s
      where s.sealed_at is not null and s.replaced_at is null
    ),
    false
  ) then
    return false;
  end if;
  if exists (
    select
    from pg_trigger as t
    where t.tgrelid = to_regclass(format('analytics.%I', partition_name)) and t.tgname = 'usage_sealed'
  ) then
    raise exception using
      errcode = 'PL101',
      message = format('Cannot open %s for usage events: the day is being moved to the history', event_day),
      hint = 'Try again in a moment: then the day can be made again, and takes late events.';
  end if;
  perform analytics.ensure_usage_event_partitions(event_time, event_time + interval '1 microsecond');
  return true;
end
$$;

comment on table analytics.usage_segments is
  'Files of usage events that have left the database: one for each day that is in the history.';
comment on column analytics.usage_segments.day is
  'The day (UTC) of its events.';
comment on column analytics.usage_segments.id is
  'Identity of the file within its day; grows with time.';
comment on column analytics.usage_segments.announced_at is
  'When it was about to be stored, for the last time.';
comment on column analytics.usage_segments.sealed_at is
  'When it was found whole and began to count; null for one that is under way, or whose sealing was cut off.';
comment on column analytics.usage_segments.replaced_at is
  'When a file with late events took its place; null for the one that counts.';
comment on column analytics.usage_segments.removed_at is
  'When its object was removed: after it was replaced, or because it never came to count.';
comment on column analytics.usage_segments.events is
  'How many events it holds.';
comment on column analytics.usage_segments.file_bytes is
  'Its size in bytes.';
comment on column analytics.usage_segments.cost_nanos is
  'Sum of the known costs of its events, all currencies together: a checksum, no amount.';
comment on column analytics.usage_segments.tokens is
  'Sum of all tokens of its events.';
comment on column analytics.usage_segments.row_hash is
  'Sum over its events of 60 bits of the MD5 of all their columns: the same in the database and in the file.';
comment on column analytics.usage_segments.format is
  'Version of the file''s columns.';
comment on column analytics.usage_segments.object_key is
  'Its name in the store; holds the beginning of its SHA-256, so no file ever takes the name of another.';
comment on column analytics.usage_segments.file_sha256 is
  'SHA-256 of the file, 32 bytes.';
comment on index analytics.usage_segments_pkey is
  'All files of a day, those that were replaced too.';
comment on index analytics.usage_segments_object_key_key is
  'The file of a name; that each is in the manifest once.';
comment on index analytics.usage_segments_live_day_key is
  'The file that counts for a day, and that there is one.';
comment on function analytics.reopen_usage_day(timestamptz) is
  'Makes the partition of a day again that has moved to the history, so that a late event of that time can be recorded; false for a day before the history begins, or one to come.';
comment on function analytics.refuse_sealed_usage() is
  'Trigger function of a partition whose events are in the history and that is about to be detached: refuses every change.';
