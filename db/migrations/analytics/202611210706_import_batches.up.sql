-- What:  the record of each import of events from a file or another system.
-- Why:   every row that was read is accounted for: inserted, known already, or rejected. An import that
--        stopped half way shows as one without an outcome, and can be run again: events are deduplicated.
--        The batch of an event is a value, not a foreign key (see usage events).
-- Locks: none but on the new table.

create table analytics.import_batches (
  id uuid not null default analytics.uuid_v7_at(clock_timestamp()),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  rows_read bigint not null default 0,
  rows_inserted bigint not null default 0,
  rows_duplicate bigint not null default 0,
  rows_rejected bigint not null default 0,
  source text not null,
  file_name text,
  file_sha256 bytea,
  outcome text,
  constraint import_batches_pkey primary key (id),
  constraint import_batches_finished_at_check check (finished_at >= started_at),
  constraint import_batches_rows_check check (
    rows_inserted >= 0
    and rows_duplicate >= 0
    and rows_rejected >= 0
    and rows_inserted + rows_duplicate + rows_rejected <= rows_read
  ),
  constraint import_batches_source_check check (source ~ '^[a-z0-9][a-z0-9._:-]{0,63}$'),
  constraint import_batches_file_name_check check (char_length(file_name) between 1 and 1000),
  constraint import_batches_file_sha256_check check (octet_length(file_sha256) = 32),
  constraint import_batches_outcome_check check (
    (outcome is null) = (finished_at is null)
    and outcome in ('succeeded', 'failed')
    and (
      outcome <> 'succeeded'
      or rows_inserted + rows_duplicate + rows_rejected = rows_read
    )
  )
);

create index import_batches_file_sha256_idx
  on analytics.import_batches (file_sha256)
  where file_sha256 is not null;

comment on table analytics.import_batches is
  'Imports of usage events, with what became of each row.';
comment on column analytics.import_batches.id is
  'Identity of the import; grows with time. Events keep it as batch_id.';
comment on column analytics.import_batches.started_at is
  'When the import began.';
comment on column analytics.import_batches.finished_at is
  'When it ended, well or not; null while it runs or if it was cut off.';
comment on column analytics.import_batches.rows_read is
  'Rows read from the source so far. The next three add up to it when the import has succeeded, never to more.';
comment on column analytics.import_batches.rows_inserted is
  'Rows that became events.';
comment on column analytics.import_batches.rows_duplicate is
  'Rows whose event was there already.';
comment on column analytics.import_batches.rows_rejected is
  'Rows that are not valid events.';
comment on column analytics.import_batches.source is
  'Where the rows came from; the source of its events. 1 to 64 of a-z, 0-9, dot, underscore, colon and hyphen.';
comment on column analytics.import_batches.file_name is
  'Name of the file, without secrets; null when there was no file.';
comment on column analytics.import_batches.file_sha256 is
  'SHA-256 of the file''s bytes, 32 bytes; null when there was no file.';
comment on column analytics.import_batches.outcome is
  'succeeded or failed; null exactly as long as finished_at is.';
comment on index analytics.import_batches_pkey is
  'Imports, newest first, page by page; one import by id.';
comment on index analytics.import_batches_file_sha256_idx is
  'Whether a file was imported before.';
