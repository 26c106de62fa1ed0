-- What:  marks of what has changed and is not in the rollups yet, written by triggers of usage events.
-- Why:   a transaction that changes events marks their hours in the same commit. Who recomputes an hour
--        does so in one snapshot (repeatable read) and deletes the marks that the snapshot sees. So a
--        transaction is either in the snapshot, and counted, or its mark survives and the hour is done
--        again: with late events, duplicates, deletions, corrections, any number of writers and workers,
--        and a crash anywhere. There is no watermark that a long transaction could slip under.
--        No mark of a bucket means that its rollups are exact.
-- How:   statements, not rows, fire the triggers; the new and old rows are read once, for their hours.
--        That costs an insert 4 %, little beside the checks of the table. Partitions that are written to
--        directly have triggers of their own, which watch_usage_partition() makes: those of the parent
--        do not fire then. Truncating marks every hour that the partitions span.
--        The trigger function runs with its owner's rights: whoever may insert events need not be able
--        to touch the marks.
--        Marks come and go all day: the table is vacuumed early.
--        What retention has taken from a source is still in the rollups: whoever removes events or rows
--        of a rollup for good raises its horizon first, and buckets before it are not computed again.
-- Locks: share row exclusive on analytics.usage_events, which is empty, for its triggers.

create table analytics.rollup_marks (
  id bigint generated always as identity,
  bucket_start timestamptz not null,
  marked_at timestamptz not null default clock_timestamp(),
  subject text not null,
  constraint rollup_marks_pkey primary key (subject, bucket_start, id),
  constraint rollup_marks_subject_check check (subject ~ '^[a-z][a-z0-9_]{0,62}$')
)
with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

create table analytics.rollup_horizons (
  complete_from timestamptz not null,
  subject text not null,
  constraint rollup_horizons_pkey primary key (subject),
  constraint rollup_horizons_subject_check check (subject ~ '^[a-z][a-z0-9_]{0,62}$')
);

create function analytics.usage_hours_of(relation regclass)
returns setof timestamptz
language sql
stable
set search_path = ''
begin atomic
  select hours.hour
  from pg_catalog.pg_partition_tree(relation) as tree
  join pg_catalog.pg_class as leaf on leaf.oid = tree.relid
  cross join lateral pg_catalog.regexp_match(
    pg_catalog.pg_get_expr(leaf.relpartbound, leaf.oid),
    '^FOR VALUES FROM \(''([^'']+)''\) TO \(''([^'']+)''\)$'
  ) as bound
  cross join lateral pg_catalog.generate_series(
    pg_catalog.date_bin(interval '1 hour', bound[1]::timestamptz, timestamptz '2000-01-01 00:00:00+00'),
    bound[2]::timestamptz - interval '1 microsecond',
    interval '1 hour'
  ) as hours (hour)
  where tree.isleaf;
end;

create function analytics.mark_changed_usage()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into analytics.rollup_marks (subject, bucket_start)
    select distinct 'usage_events', date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
    from new_rows;
  elsif tg_op = 'DELETE' then
    insert into analytics.rollup_marks (subject, bucket_start)
    select distinct 'usage_events', date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
    from old_rows;
  elsif tg_op = 'UPDATE' then
    insert into analytics.rollup_marks (subject, bucket_start)
    select 'usage_events', date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
    from old_rows
    union
    select 'usage_events', date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
    from new_rows;
  else
    insert into analytics.rollup_marks (subject, bucket_start)
    select 'usage_events', hour
    from analytics.usage_hours_of(tg_relid) as hour;
  end if;
  return null;
end
$$;

create function analytics.watch_usage_partition(partition regclass)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  execute format(
    'create or replace trigger rollup_marks_insert after insert on %s
     referencing new table as new_rows
     for each statement execute function analytics.mark_changed_usage()',
    partition
  );
  execute format(
    'create or replace trigger rollup_marks_update after update on %s
     referencing old table as old_rows new table as new_rows
     for each statement execute function analytics.mark_changed_usage()',
    partition
  );
  execute format(
    'create or replace trigger rollup_marks_delete after delete on %s
     referencing old table as old_rows
     for each statement execute function analytics.mark_changed_usage()',
    partition
  );
  execute format(
    'create or replace trigger rollup_marks_truncate after truncate on %s
     for each statement execute function analytics.mark_changed_usage()',
    partition
  );
end
$$;

create function analytics.mark_usage_hours(from_time timestamptz, to_time timestamptz)
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with marked as (
    insert into analytics.rollup_marks (subject, bucket_start)
    select 'usage_events', hours.hour
    from pg_catalog.generate_series(
      pg_catalog.date_bin(interval '1 hour', from_time, timestamptz '2000-01-01 00:00:00+00'),
      to_time - interval '1 microsecond',
      interval '1 hour'
    ) as hours (hour)
    returning 1
  )
  select pg_catalog.count(*) from marked;
end;

create trigger rollup_marks_insert
  after insert on analytics.usage_events
  referencing new table as new_rows
  for each statement
  execute function analytics.mark_changed_usage();

create trigger rollup_marks_update
  after update on analytics.usage_events
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function analytics.mark_changed_usage();

create trigger rollup_marks_delete
  after delete on analytics.usage_events
  referencing old table as old_rows
  for each statement
  execute function analytics.mark_changed_usage();

create trigger rollup_marks_truncate
  after truncate on analytics.usage_events
  for each statement
  execute function analytics.mark_changed_usage();

comment on table analytics.rollup_marks is
  'What has changed and is not in the rollups yet. No mark of a bucket: its rollups equal their source.';
comment on column analytics.rollup_marks.id is
  'Tells marks of one bucket apart; not an order, transactions commit as they like.';
comment on column analytics.rollup_marks.bucket_start is
  'Beginning of the bucket: of the hour for usage_events, else of a bucket of the rollup.';
comment on column analytics.rollup_marks.marked_at is
  'When the change was made, not when it was committed.';
comment on column analytics.rollup_marks.subject is
  'usage_events: events of the hour have changed. A rollup: its bucket must be recomputed, since its source has changed.';
comment on sequence analytics.rollup_marks_id_seq is
  'Numbers of marks. Gaps are harmless.';
comment on index analytics.rollup_marks_pkey is
  'What is to be recomputed, and the marks of one bucket.';
comment on table analytics.rollup_horizons is
  'From when on a source of rollups is whole. What is before it has left for good, and its rollups stay as they are.';
comment on column analytics.rollup_horizons.complete_from is
  'Buckets that begin earlier are neither recomputed nor compared. The beginning of an hour.';
comment on column analytics.rollup_horizons.subject is
  'usage_events, or a rollup that others sum.';
comment on index analytics.rollup_horizons_pkey is
  'The horizon of a source.';
comment on function analytics.usage_hours_of(regclass) is
  'The hours that a partition of usage events spans, or all partitions of a table of them.';
comment on function analytics.mark_changed_usage() is
  'Trigger function of usage events and their partitions: marks the hours that a statement has changed.';
comment on function analytics.watch_usage_partition(regclass) is
  'Gives a partition of usage events, or a table that becomes one, the triggers that mark what is written to it directly. Safe to repeat.';
comment on function analytics.mark_usage_hours(timestamptz, timestamptz) is
  'Marks the hours from from_time (included) to to_time (excluded), so that their rollups are recomputed; returns how many.';
comment on trigger rollup_marks_insert on analytics.usage_events is
  'Marks the hours of new events.';
comment on trigger rollup_marks_update on analytics.usage_events is
  'Marks the hours of corrected events, as they were and as they are.';
comment on trigger rollup_marks_delete on analytics.usage_events is
  'Marks the hours of deleted events.';
comment on trigger rollup_marks_truncate on analytics.usage_events is
  'Marks every hour of the partitions.';
