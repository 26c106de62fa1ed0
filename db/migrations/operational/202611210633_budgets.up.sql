-- What:  budgets, how much an organization means to spend in a period.
-- Why:   one living budget for each period and currency, so "how much is left" has one answer; an old
--        one is deleted softly and keeps its alerts. What was spent is not here: rollups know it.
-- Locks: share row exclusive on platform.organizations for the foreign key
--        (writers wait until the commit; nothing is scanned, the new table is empty).

create table platform.budgets (
  organization_id uuid not null,
  id uuid not null default platform.uuid_v7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  starts_at timestamptz not null default now(),
  limit_nanos bigint not null,
  soft_threshold_percent bigint not null default 80,
  hard_threshold_percent bigint not null default 100,
  name text not null,
  period text not null,
  currency text not null,
  constraint budgets_pkey primary key (organization_id, id),
  -- Restrict: erased in the open before the organization.
  constraint budgets_organization_id_fkey foreign key (organization_id)
    references platform.organizations (id)
    on delete restrict,
  constraint budgets_limit_nanos_check check (limit_nanos > 0),
  constraint budgets_threshold_percent_check check (
    soft_threshold_percent >= 1
    and soft_threshold_percent <= hard_threshold_percent
    and hard_threshold_percent <= 1000
  ),
  constraint budgets_name_check check (char_length(name) between 1 and 200),
  constraint budgets_period_check check (period in ('day', 'week', 'month', 'total')),
  constraint budgets_currency_check check (currency ~ '^[A-Z]{3}$')
);

create unique index budgets_living_period_currency_key
  on platform.budgets (organization_id, period, currency)
  where deleted_at is null;

create trigger budgets_touch_updated_at
  before update on platform.budgets
  for each row
  execute function platform.touch_updated_at();

comment on table platform.budgets is
  'How much an organization means to spend in a period, and when to warn and when to stop. Deleted softly.';
comment on column platform.budgets.organization_id is
  'The tenant.';
comment on column platform.budgets.id is
  'Identity of the budget within its organization.';
comment on column platform.budgets.created_at is
  'When the row was inserted. Kept by the database.';
comment on column platform.budgets.updated_at is
  'When the row last changed. Kept by the database.';
comment on column platform.budgets.deleted_at is
  'When the budget was deleted; null while it counts.';
comment on column platform.budgets.starts_at is
  'From when on spending counts. Periods are calendar ones of the organization''s time zone; the first is cut at this time.';
comment on column platform.budgets.limit_nanos is
  'The budget in billionths of the currency unit, above zero, up to 9.2 billion units.';
comment on column platform.budgets.soft_threshold_percent is
  'Percent of the limit from which on a soft alert is raised: 1 up to the hard one.';
comment on column platform.budgets.hard_threshold_percent is
  'Percent of the limit from which on a hard alert is raised and requests are refused: up to 1000.';
comment on column platform.budgets.name is
  'What people call the budget, 1 to 200 characters.';
comment on column platform.budgets.period is
  'Over what it is counted: day, week (from Monday), month, or total (from starts_at, never renewed).';
comment on column platform.budgets.currency is
  'Currency of the limit, as an ISO 4217 code. Only usage in this currency counts.';
comment on index platform.budgets_pkey is
  'One budget by id; the target of its alerts.';
comment on index platform.budgets_living_period_currency_key is
  'The living budgets of an organization, at every request, and that there is one for each period and currency.';
comment on trigger budgets_touch_updated_at on platform.budgets is
  'Keeps created_at and updated_at.';
