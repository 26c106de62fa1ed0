-- What:  the alerts that budgets have raised.
-- Why:   whoever watches spending may look twice, crash or run in two places; the unique constraint
--        makes raising idempotent, so "insert … on conflict do nothing" tells each of them who was first.
-- Locks: share row exclusive on platform.budgets for the foreign key
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.budget_alerts (
  organization_id uuid not null,
  id uuid not null default platform.uuid_v7(),
  budget_id uuid not null,
  period_start timestamptz not null,
  raised_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  spent_nanos bigint not null,
  limit_nanos bigint not null,
  threshold text not null,
  constraint budget_alerts_pkey primary key (organization_id, id),
  constraint budget_alerts_once_key unique (organization_id, budget_id, period_start, threshold),
  -- Restrict: alerts are the record of a budget, which is deleted softly.
  constraint budget_alerts_budget_id_fkey foreign key (organization_id, budget_id)
    references platform.budgets (organization_id, id)
    on delete restrict,
  constraint budget_alerts_threshold_check check (threshold in ('soft', 'hard')),
  constraint budget_alerts_spent_nanos_check check (spent_nanos >= 0),
  constraint budget_alerts_limit_nanos_check check (limit_nanos > 0),
  constraint budget_alerts_acknowledged_at_check check (acknowledged_at >= raised_at)
);

comment on table platform.budget_alerts is
  'Alerts that budgets have raised: each threshold of each period once.';
comment on column platform.budget_alerts.organization_id is
  'The tenant.';
comment on column platform.budget_alerts.id is
  'Identity of the alert within its organization; grows with time.';
comment on column platform.budget_alerts.budget_id is
  'The budget that raised it.';
comment on column platform.budget_alerts.period_start is
  'Beginning of the period that was overspent; for a total budget, its starts_at.';
comment on column platform.budget_alerts.raised_at is
  'When the threshold was found passed.';
comment on column platform.budget_alerts.acknowledged_at is
  'When a member said to have seen it; null until then.';
comment on column platform.budget_alerts.spent_nanos is
  'What had been spent in the period when it was raised, in billionths of the budget''s currency unit.';
comment on column platform.budget_alerts.limit_nanos is
  'The budget''s limit when it was raised, in billionths of its currency unit; the budget may have changed since.';
comment on column platform.budget_alerts.threshold is
  'Which threshold was passed: soft (warn) or hard (stop).';
comment on index platform.budget_alerts_pkey is
  'The alerts of an organization, newest first, page by page; one alert by id.';
comment on index platform.budget_alerts_once_key is
  'Whether a threshold of a period was raised already; the alerts of a budget, and the check when a budget row is deleted.';
