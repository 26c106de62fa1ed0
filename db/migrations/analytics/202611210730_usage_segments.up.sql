-- What:  the manifest of the history of usage: which files hold the events of days that have left the database, and
--        what stops writing to a day that is on its way out.
-- Why:   history is kept in Parquet files, in a folder or an object store, where a year costs what a day costs here.
--        A file is in the manifest before its partition is detached, and only when it was read back and holds every
--        event: a crash at any point leaves the events in one place or in both, and the manifest says which counts.
--        Days before the horizon of usage events (rollup_horizons) are whole only together with their files.
-- How:   an event that comes late for such a day finds no partition; making the day again lets it in, and the next
--        sealing merges both into one new file. A replaced file stays in the manifest until it is removed.
-- Locks: none but on the new table.

create table analytics.usage_segments (
  day date not null,
  id uuid not null default analytics.uuid_v7_at(clock_timestamp()),
  sealed_at timestamptz not null default clock_timestamp(),
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
  constraint usage_segments_removed_at_check check (removed_at >= replaced_at)
);

create unique index usage_segments_live_day_key
  on analytics.usage_segments (day)
  where replaced_at is null;

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

comment on table analytics.usage_segments is
  'Files of usage events that have left the database: one for each day that is in the history.';
comment on column analytics.usage_segments.day is
  'The day (UTC) of its events.';
comment on column analytics.usage_segments.id is
  'Identity of the file within its day; grows with time.';
comment on column analytics.usage_segments.sealed_at is
  'When it was found whole and came into the manifest.';
comment on column analytics.usage_segments.replaced_at is
  'When a file with late events took its place; null for the one that counts.';
comment on column analytics.usage_segments.removed_at is
  'When its object was removed after it was replaced.';
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
comment on function analytics.refuse_sealed_usage() is
  'Trigger function of a partition whose events are in the history and that is about to be detached: refuses every change.';
