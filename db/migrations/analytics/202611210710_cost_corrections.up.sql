-- What:  what events cost before they were priced again, and after.
-- Why:   a price that was missing or wrong is corrected by pricing the events of its time again; both amounts are
--        kept, so that an invoice can be explained and a correction be taken back.
-- Locks: none but on the new table.

create table analytics.cost_corrections (
  organization_id uuid not null,
  event_time timestamptz not null,
  event_id uuid not null,
  corrected_at timestamptz not null default clock_timestamp(),
  old_cost_nanos bigint,
  new_cost_nanos bigint,
  old_price_id uuid,
  new_price_id uuid,
  reason text not null,
  constraint cost_corrections_pkey primary key (organization_id, event_time, event_id, corrected_at),
  constraint cost_corrections_changed_check check (
    (old_cost_nanos, old_price_id) is distinct from (new_cost_nanos, new_price_id)
  ),
  constraint cost_corrections_nanos_check check (old_cost_nanos >= 0 and new_cost_nanos >= 0),
  constraint cost_corrections_reason_check check (char_length(reason) between 1 and 500)
);

create index cost_corrections_corrected_at_idx
  on analytics.cost_corrections
  using brin (corrected_at);

comment on table analytics.cost_corrections is
  'Costs of events before and after they were priced again; append-only.';
comment on column analytics.cost_corrections.organization_id is
  'The tenant; with the next two the key of the event, not enforced.';
comment on column analytics.cost_corrections.event_time is
  'When the request began.';
comment on column analytics.cost_corrections.event_id is
  'The event.';
comment on column analytics.cost_corrections.corrected_at is
  'When it was priced again.';
comment on column analytics.cost_corrections.old_cost_nanos is
  'What it cost before, in billionths of its currency unit; null when that was not known.';
comment on column analytics.cost_corrections.new_cost_nanos is
  'What it costs since; null when that is not known any more.';
comment on column analytics.cost_corrections.old_price_id is
  'The price that stood for the sheet it was computed with before; null for none.';
comment on column analytics.cost_corrections.new_price_id is
  'The price that stands for the sheet since; null for none.';
comment on column analytics.cost_corrections.reason is
  'Why it was priced again, 1 to 500 characters.';
comment on index analytics.cost_corrections_pkey is
  'The corrections of an event, or of an organization in a span of time.';
comment on index analytics.cost_corrections_corrected_at_idx is
  'The corrections of a day on which prices were mended.';
