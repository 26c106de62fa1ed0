-- What:  the rows of imports that are no valid events, with the reason.
-- Why:   a row in a thousand that is broken must neither stop an import nor vanish: it is kept as it came, is
--        counted in its batch, and can be mended and imported again.
-- Locks: share row exclusive on analytics.import_batches for the foreign key; nothing is scanned.

create table analytics.usage_rejects (
  batch_id uuid not null,
  line_number bigint not null,
  column_number integer not null,
  field text,
  reason text not null,
  content text not null,
  constraint usage_rejects_pkey primary key (batch_id, line_number),
  constraint usage_rejects_batch_id_fkey foreign key (batch_id)
    references analytics.import_batches (id)
    on delete cascade,
  constraint usage_rejects_line_number_check check (line_number > 0),
  constraint usage_rejects_column_number_check check (column_number > 0),
  constraint usage_rejects_reason_check check (char_length(reason) between 1 and 1000)
);

comment on table analytics.usage_rejects is
  'Rows of imports that are no valid events, as they came, with what is wrong.';
comment on column analytics.usage_rejects.batch_id is
  'The import that read the row.';
comment on column analytics.usage_rejects.line_number is
  'The line of the file, from 1.';
comment on column analytics.usage_rejects.column_number is
  'The character of the line at which the fault was found, from 1.';
comment on column analytics.usage_rejects.field is
  'The column or field that is wrong; null when the row as such is.';
comment on column analytics.usage_rejects.reason is
  'What is there and what was wanted, 1 to 1000 characters.';
comment on column analytics.usage_rejects.content is
  'The line as it is in the file. May hold personal data.';
comment on index analytics.usage_rejects_pkey is
  'The rejected rows of an import, in the order of its file.';
