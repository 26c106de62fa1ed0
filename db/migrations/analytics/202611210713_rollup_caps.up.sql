-- What:  where the caps of rollups have bitten: which tenant had more values of a dimension in a bucket than its
--        rollup keeps, and how much of it is folded into one row.
-- Why:   a tenant that invents keys would make a row of each event and fill the rollups. Beyond the cap of a
--        declaration (analytics/rollups) the values with the fewest events become one; the sums stay exact, and what
--        was folded must be known to whoever reads them.
-- How:   written and removed with the rows of the bucket, in the transaction that recomputes it.
-- Locks: none but on the new table.

create table analytics.rollup_caps (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  folded_at timestamptz not null default now(),
  folded_values bigint not null,
  folded_events bigint not null,
  at_most integer not null,
  rollup text not null,
  dimension text not null,
  constraint rollup_caps_pkey primary key (organization_id, bucket_start, rollup, dimension),
  constraint rollup_caps_counts_check check (
    folded_values > 0
    and folded_events >= folded_values
    and at_most > 0
  ),
  constraint rollup_caps_rollup_check check (rollup ~ '^[a-z][a-z0-9_]{0,62}$')
);

create index rollup_caps_bucket_start_idx
  on analytics.rollup_caps (bucket_start);

comment on table analytics.rollup_caps is
  'Buckets in which an organization had more values of a dimension than the rollup keeps; none where all are kept.';
comment on column analytics.rollup_caps.organization_id is
  'The tenant.';
comment on column analytics.rollup_caps.bucket_start is
  'Beginning of the bucket.';
comment on column analytics.rollup_caps.folded_at is
  'When the bucket was last computed.';
comment on column analytics.rollup_caps.folded_values is
  'How many values were folded into one.';
comment on column analytics.rollup_caps.folded_events is
  'How many events they have together.';
comment on column analytics.rollup_caps.at_most is
  'How many values the rollup keeps: those with the most events.';
comment on column analytics.rollup_caps.rollup is
  'The rollup, by the name of its declaration.';
comment on column analytics.rollup_caps.dimension is
  'The column whose values were folded; its rows have ffffffff-ffff-ffff-ffff-ffffffffffff, -1 or __other__.';
comment on index analytics.rollup_caps_pkey is
  'What of an organization is folded in a span of time.';
comment on index analytics.rollup_caps_bucket_start_idx is
  'What is folded of anybody in a span of time, and the records of a bucket, to replace them.';
