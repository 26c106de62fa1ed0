-- What:  what is spent and reserved of each budget, and the functions that reserve before a request and settle after.
-- Why:   "look, then spend" lets requests at one time overspend together. Here each request first takes the most that
--        it can cost, and is refused when that is not left; afterwards it pays what it cost.
--        One counter row would make the requests of a busy organization wait for each other, so a period has 16 of
--        them. Each holds a share of what may be spent and gives from it without looking at the others; only when its
--        share is used up are all 16 locked, in order, and what is left divided anew. The shares never add up to more
--        than the budget, so neither does what they give. (Escrow counting: P. O'Neil, The escrow transactional
--        method, ACM TODS 11 (4), 1986.)
--        A request names its reservation itself, by the id of its usage event: repeating a call changes nothing.
-- How:   a request that dies never settles; its reservation runs out and is given back by
--        release_expired_budget_reservations(). A cost that comes after that is still counted.
--        A period begins by the clock of the organization. When that clock changes, what was spent of the running
--        period goes over to the one that begins by the new clock: else it could be spent again.
-- Locks: share row exclusive on platform.budgets for the foreign keys and the trigger, and on platform.organizations
--        for its trigger (writers wait until the commit; nothing is scanned, the new tables are empty).

create table platform.budget_counters (
  organization_id uuid not null,
  budget_id uuid not null,
  period_start timestamptz not null,
  allotted_nanos bigint not null default 0,
  reserved_nanos bigint not null default 0,
  spent_nanos bigint not null default 0,
  slot smallint not null,
  constraint budget_counters_pkey primary key (organization_id, budget_id, period_start, slot),
  constraint budget_counters_budget_id_fkey foreign key (organization_id, budget_id)
    references platform.budgets (organization_id, id)
    on delete restrict,
  constraint budget_counters_slot_check check (slot between 0 and 15),
  constraint budget_counters_nanos_check check (
    allotted_nanos >= 0
    and reserved_nanos >= 0
    and spent_nanos >= 0
  )
)
-- Room for the new version of a row on its page: no index holds what changes.
with (fillfactor = 50);

create table platform.budget_reservations (
  organization_id uuid not null,
  id uuid not null,
  budget_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  period_start timestamptz not null,
  expires_at timestamptz not null,
  settled_at timestamptz,
  released_at timestamptz,
  reserved_nanos bigint not null,
  spent_nanos bigint,
  slot smallint not null,
  constraint budget_reservations_pkey primary key (organization_id, id, budget_id),
  constraint budget_reservations_budget_id_fkey foreign key (organization_id, budget_id)
    references platform.budgets (organization_id, id)
    on delete restrict,
  constraint budget_reservations_nanos_check check (reserved_nanos >= 0 and spent_nanos >= 0),
  constraint budget_reservations_slot_check check (slot between 0 and 15),
  constraint budget_reservations_settled_check check ((settled_at is null) = (spent_nanos is null)),
  constraint budget_reservations_expires_at_check check (expires_at > created_at)
);

create index budget_reservations_expires_at_idx
  on platform.budget_reservations (expires_at)
  where settled_at is null and released_at is null;

create index budget_reservations_budget_id_idx
  on platform.budget_reservations (organization_id, budget_id);

create function platform.budget_period_start(
  period text,
  starts_at timestamptz,
  time_zone text,
  at timestamptz
)
returns timestamptz
language sql
stable
return case
  when period = 'total' then starts_at
  else greatest(starts_at, date_trunc(period, at, time_zone))
end;

create function platform.budget_hard_limit(limit_nanos bigint, hard_threshold_percent bigint)
returns bigint
language sql
immutable
return least(9223372036854775807, trunc(limit_nanos::numeric * hard_threshold_percent / 100))::bigint;

create function platform.divide_budget(
  organization uuid,
  budget uuid,
  counted_from timestamptz,
  hard_limit bigint,
  wanted_slot smallint,
  wanted_nanos bigint
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  used numeric;
  spare numeric;
begin
  insert into platform.budget_counters (organization_id, budget_id, period_start, slot)
  select organization, budget, counted_from, slot
  from pg_catalog.generate_series(0, 15) as slot
  order by slot
  on conflict do nothing;
  -- In order, so that two that divide at once wait for each other and never lock up.
  perform 1
  from platform.budget_counters
  where organization_id = organization
    and budget_id = budget
    and period_start = counted_from
  order by slot
  for update;
  select pg_catalog.sum(reserved_nanos::numeric + spent_nanos)
  into used
  from platform.budget_counters
  where organization_id = organization
    and budget_id = budget
    and period_start = counted_from;
  spare := hard_limit - used - wanted_nanos;
  update platform.budget_counters
  set
    reserved_nanos = reserved_nanos + case when slot = wanted_slot and spare >= 0 then wanted_nanos else 0 end,
    allotted_nanos = least(
      9223372036854775807,
      reserved_nanos::numeric
        + spent_nanos
        + case when slot = wanted_slot and spare >= 0 then wanted_nanos else 0 end
        + pg_catalog.div(greatest(case when spare >= 0 then spare else spare + wanted_nanos end, 0), 16)
    )
  where organization_id = organization
    and budget_id = budget
    and period_start = counted_from;
  return spare >= 0;
end
$$;

create function platform.raise_budget_alerts(organization uuid, budget uuid, counted_from timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  raised integer;
begin
  -- What is held may be paid by others at this moment, who do not see us, nor we them: only then one after the other.
  if not exists (
    select 1
    from platform.budgets as b
    cross join lateral (
      values ('soft', b.soft_threshold_percent), ('hard', b.hard_threshold_percent)
    ) as t (threshold, percent)
    where b.organization_id = organization
      and b.id = budget
      and platform.budget_hard_limit(b.limit_nanos, t.percent) <= (
        select coalesce(pg_catalog.sum(c.spent_nanos::numeric + c.reserved_nanos), 0)
        from platform.budget_counters as c
        where c.organization_id = organization
          and c.budget_id = budget
          and c.period_start = counted_from
      )
      and not exists (
        select 1
        from platform.budget_alerts as a
        where a.organization_id = organization
          and a.budget_id = budget
          and a.period_start = counted_from
          and a.threshold = t.threshold
      )
  ) then
    return 0;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('plinth.budget/' || budget || '/' || extract(epoch from counted_from), 0)
  );
  insert into platform.budget_alerts (
    organization_id, budget_id, period_start, threshold, spent_nanos, limit_nanos
  )
  select organization, b.id, counted_from, t.threshold, spent.nanos, b.limit_nanos
  from platform.budgets as b
  cross join (
    select least(9223372036854775807, coalesce(pg_catalog.sum(spent_nanos), 0))::bigint as nanos
    from platform.budget_counters
    where organization_id = organization
      and budget_id = budget
      and period_start = counted_from
  ) as spent
  cross join lateral (
    values ('soft', b.soft_threshold_percent), ('hard', b.hard_threshold_percent)
  ) as t (threshold, percent)
  where b.organization_id = organization
    and b.id = budget
    and spent.nanos >= platform.budget_hard_limit(b.limit_nanos, t.percent)
  on conflict on constraint budget_alerts_once_key do nothing;
  get diagnostics raised = row_count;
  return raised;
end
$$;

create function platform.reserve_budget(
  organization uuid,
  reservation uuid,
  nanos bigint,
  in_currency text,
  hold interval default interval '15 minutes',
  at timestamptz default clock_timestamp(),
  out granted boolean,
  out refused_by uuid
)
returns record
language plpgsql
volatile
set search_path = ''
as $$
declare
  living record;
  wanted_slot smallint;
  taken boolean;
begin
  if nanos is null or nanos < 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'Cannot reserve a part of a budget: its amount is no number of billionths',
      hint = 'Give the most that the request can cost, 0 or more.';
  end if;
  -- Reservations are locked before counters, here and below.
  perform 1
  from platform.budget_reservations
  where organization_id = organization
    and id = reservation
  order by budget_id
  for update;
  if exists (
    select 1
    from platform.budget_reservations
    where organization_id = organization
      and id = reservation
      -- One that ran out and was paid all the same is over, too.
      and (released_at is null or settled_at is not null)
  ) then
    granted := true;
    return;
  end if;
  -- In the order of their ids: two requests take the same budgets in the same order.
  for living in
    select
      b.id,
      platform.budget_period_start(b.period, b.starts_at, o.time_zone, at) as period,
      platform.budget_hard_limit(b.limit_nanos, b.hard_threshold_percent) as hard_limit
    from platform.budgets as b
    join platform.organizations as o on o.id = b.organization_id
    where b.organization_id = organization
      and b.currency = in_currency
      and b.deleted_at is null
      and b.starts_at <= at
    order by b.id
  loop
    wanted_slot := pg_catalog.trunc(pg_catalog.random() * 16);
    -- An update that has waited keeps the row's lock, even when its condition does not hold any more; with it in
    -- hand, locking all parts in order could lock up. Ending the block by an error gives the lock back.
    begin
      update platform.budget_counters as c
      set reserved_nanos = c.reserved_nanos + nanos
      where c.organization_id = organization
        and c.budget_id = living.id
        and c.period_start = living.period
        and c.slot = wanted_slot
        and c.allotted_nanos - c.reserved_nanos - c.spent_nanos >= nanos;
      if not found then
        raise exception using errcode = 'PL102';
      end if;
      taken := true;
    exception
      when sqlstate 'PL102' then
        taken := false;
    end;
    if not taken then
      taken := platform.divide_budget(
        organization, living.id, living.period, living.hard_limit, wanted_slot, nanos
      );
    end if;
    if not taken then
      perform platform.release_budget(organization, reservation);
      -- All parts are locked here: what a request paid beyond what it held is seen now, if it was not before.
      perform platform.raise_budget_alerts(organization, living.id, living.period);
      granted := false;
      refused_by := living.id;
      return;
    end if;
    insert into platform.budget_reservations (
      organization_id, id, budget_id, period_start, expires_at, reserved_nanos, slot
    )
    values (organization, reservation, living.id, living.period, clock_timestamp() + hold, nanos, wanted_slot)
    on conflict on constraint budget_reservations_pkey do update
    set
      created_at = excluded.created_at,
      period_start = excluded.period_start,
      expires_at = excluded.expires_at,
      reserved_nanos = excluded.reserved_nanos,
      slot = excluded.slot,
      released_at = null;
  end loop;
  granted := true;
end
$$;

create function platform.release_budget(organization uuid, reservation uuid)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  held record;
  released integer := 0;
begin
  perform 1
  from platform.budget_reservations
  where organization_id = organization
    and id = reservation
  order by budget_id
  for update;
  for held in
    select budget_id, period_start, slot, reserved_nanos
    from platform.budget_reservations
    where organization_id = organization
      and id = reservation
      and settled_at is null
      and released_at is null
    order by budget_id
  loop
    update platform.budget_counters
    set reserved_nanos = reserved_nanos - held.reserved_nanos
    where organization_id = organization
      and budget_id = held.budget_id
      and period_start = held.period_start
      and slot = held.slot;
    update platform.budget_reservations
    set released_at = clock_timestamp()
    where organization_id = organization
      and id = reservation
      and budget_id = held.budget_id;
    released := released + 1;
  end loop;
  return released;
end
$$;

create function platform.settle_budget(organization uuid, reservation uuid, nanos bigint)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  held record;
  is_paid boolean;
  alerts integer := 0;
begin
  if nanos is null or nanos < 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'Cannot settle a reservation of a budget: its amount is no number of billionths',
      hint = 'Give what the request cost, 0 or more; release the reservation when that is not known.';
  end if;
  perform 1
  from platform.budget_reservations
  where organization_id = organization
    and id = reservation
  order by budget_id
  for update;
  for held in
    select
      r.budget_id,
      r.period_start,
      r.slot,
      case when r.released_at is null then r.reserved_nanos else 0 end as reserved,
      platform.budget_hard_limit(b.limit_nanos, b.hard_threshold_percent) as hard_limit
    from platform.budget_reservations as r
    join platform.budgets as b on b.organization_id = r.organization_id and b.id = r.budget_id
    where r.organization_id = organization
      and r.id = reservation
      and r.settled_at is null
    order by r.budget_id
  loop
    is_paid := true;
    -- The block is for what is rare: one that cost more than it had reserved.
    if nanos <= held.reserved then
      update platform.budget_counters
      set
        reserved_nanos = reserved_nanos - held.reserved,
        spent_nanos = spent_nanos + nanos
      where organization_id = organization
        and budget_id = held.budget_id
        and period_start = held.period_start
        and slot = held.slot;
    else
      begin
        update platform.budget_counters as c
        set
          reserved_nanos = c.reserved_nanos - held.reserved,
          spent_nanos = c.spent_nanos + nanos
        where c.organization_id = organization
          and c.budget_id = held.budget_id
          and c.period_start = held.period_start
          and c.slot = held.slot
          and c.allotted_nanos - c.reserved_nanos - c.spent_nanos >= nanos - held.reserved;
        if not found then
          raise exception using errcode = 'PL102';
        end if;
      exception
        when sqlstate 'PL102' then
          is_paid := false;
      end;
    end if;
    if not is_paid then
      -- Its part of the budget has not so much: the other parts must not give it as well.
      perform 1
      from platform.budget_counters
      where organization_id = organization
        and budget_id = held.budget_id
        and period_start = held.period_start
      order by slot
      for update;
      update platform.budget_counters
      set
        reserved_nanos = reserved_nanos - held.reserved,
        spent_nanos = spent_nanos + nanos
      where organization_id = organization
        and budget_id = held.budget_id
        and period_start = held.period_start
        and slot = held.slot;
      perform platform.divide_budget(
        organization, held.budget_id, held.period_start, held.hard_limit, held.slot, 0
      );
    end if;
    update platform.budget_reservations
    set
      settled_at = clock_timestamp(),
      spent_nanos = nanos
    where organization_id = organization
      and id = reservation
      and budget_id = held.budget_id;
    alerts := alerts + platform.raise_budget_alerts(organization, held.budget_id, held.period_start);
  end loop;
  return alerts;
end
$$;

create function platform.release_expired_budget_reservations(most integer default 1000)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  given_back record;
  released integer := 0;
begin
  -- What another call or a request is at work on is left to it. Counters in order, as everywhere.
  for given_back in
    with expired as (
      select organization_id, id, budget_id
      from platform.budget_reservations
      where settled_at is null
        and released_at is null
        and expires_at <= clock_timestamp()
      order by expires_at
      limit most
      for update skip locked
    ),
    marked as (
      update platform.budget_reservations as r
      set released_at = clock_timestamp()
      from expired as e
      where r.organization_id = e.organization_id
        and r.id = e.id
        and r.budget_id = e.budget_id
      returning r.organization_id, r.budget_id, r.period_start, r.slot, r.reserved_nanos
    )
    select
      organization_id, budget_id, period_start, slot,
      pg_catalog.sum(reserved_nanos) as nanos,
      pg_catalog.count(*) as reservations
    from marked
    group by organization_id, budget_id, period_start, slot
    order by organization_id, budget_id, period_start, slot
  loop
    update platform.budget_counters as c
    set reserved_nanos = c.reserved_nanos - given_back.nanos
    where c.organization_id = given_back.organization_id
      and c.budget_id = given_back.budget_id
      and c.period_start = given_back.period_start
      and c.slot = given_back.slot;
    released := released + given_back.reservations;
  end loop;
  return released;
end
$$;

create function platform.divide_budget_anew()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  period timestamptz;
begin
  for period in
    select distinct period_start
    from platform.budget_counters
    where organization_id = new.organization_id
      and budget_id = new.id
    order by period_start
  loop
    perform platform.divide_budget(
      new.organization_id,
      new.id,
      period,
      platform.budget_hard_limit(new.limit_nanos, new.hard_threshold_percent),
      0::smallint,
      0
    );
  end loop;
  return null;
end
$$;

create trigger budgets_divide_anew
  after update of limit_nanos, hard_threshold_percent on platform.budgets
  for each row
  when (
    old.limit_nanos is distinct from new.limit_nanos
    or old.hard_threshold_percent is distinct from new.hard_threshold_percent
  )
  execute function platform.divide_budget_anew();

create function platform.move_budget_periods()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  moved record;
begin
  -- Reservations before counters, as everywhere.
  perform 1
  from platform.budget_reservations
  where organization_id = new.id
    and settled_at is null
  order by id, budget_id
  for update;
  for moved in
    select
      b.id,
      platform.budget_period_start(b.period, b.starts_at, old.time_zone, clock_timestamp()) as was,
      platform.budget_period_start(b.period, b.starts_at, new.time_zone, clock_timestamp()) as becomes,
      platform.budget_hard_limit(b.limit_nanos, b.hard_threshold_percent) as hard_limit
    from platform.budgets as b
    where b.organization_id = new.id
      and b.period <> 'total'
      and b.deleted_at is null
    order by b.id
  loop
    continue when moved.was = moved.becomes;
    update platform.budget_reservations
    set period_start = moved.becomes
    where organization_id = new.id
      and budget_id = moved.id
      and period_start = moved.was
      and settled_at is null;
    perform 1
    from platform.budget_counters
    where organization_id = new.id
      and budget_id = moved.id
      and period_start in (moved.was, moved.becomes)
    order by period_start, slot
    for update;
    with gone as (
      delete from platform.budget_counters
      where organization_id = new.id
        and budget_id = moved.id
        and period_start = moved.was
      returning reserved_nanos, spent_nanos, slot
    )
    insert into platform.budget_counters as c (
      organization_id, budget_id, period_start, reserved_nanos, spent_nanos, slot
    )
    select new.id, moved.id, moved.becomes, reserved_nanos, spent_nanos, slot
    from gone
    on conflict on constraint budget_counters_pkey do update
    set
      reserved_nanos = c.reserved_nanos + excluded.reserved_nanos,
      spent_nanos = c.spent_nanos + excluded.spent_nanos;
    perform platform.divide_budget(new.id, moved.id, moved.becomes, moved.hard_limit, 0::smallint, 0);
    update platform.budget_alerts as a
    set period_start = moved.becomes
    where a.organization_id = new.id
      and a.budget_id = moved.id
      and a.period_start = moved.was
      and not exists (
        select 1
        from platform.budget_alerts as other
        where other.organization_id = new.id
          and other.budget_id = moved.id
          and other.period_start = moved.becomes
          and other.threshold = a.threshold
      );
  end loop;
  return null;
end
$$;

create trigger organizations_move_budget_periods
  after update of time_zone on platform.organizations
  for each row
  when (old.time_zone is distinct from new.time_zone)
  execute function platform.move_budget_periods();

comment on table platform.budget_counters is
  'What is spent and reserved of a budget in a period, in 16 parts that requests take from without waiting for each other.';
comment on column platform.budget_counters.organization_id is
  'The tenant.';
comment on column platform.budget_counters.budget_id is
  'The budget.';
comment on column platform.budget_counters.period_start is
  'Beginning of the period, in the time zone of the organization; for a total budget, its starts_at.';
comment on column platform.budget_counters.allotted_nanos is
  'How much this part may give, in billionths of the currency unit; all parts together never more than the hard limit.';
comment on column platform.budget_counters.reserved_nanos is
  'What requests hold that are under way.';
comment on column platform.budget_counters.spent_nanos is
  'What requests have cost. May pass what was allotted when one cost more than it had reserved; the other parts give less then.';
comment on column platform.budget_counters.slot is
  'Number of the part, 0 to 15.';
comment on index platform.budget_counters_pkey is
  'One part, when a request reserves or settles; all parts of a period, to divide anew or add up.';
comment on table platform.budget_reservations is
  'What requests hold of budgets while they are under way, and what became of it.';
comment on column platform.budget_reservations.organization_id is
  'The tenant.';
comment on column platform.budget_reservations.id is
  'The request, by the id of its usage event.';
comment on column platform.budget_reservations.budget_id is
  'The budget; a request holds a part of each living budget of its currency.';
comment on column platform.budget_reservations.created_at is
  'When it was reserved.';
comment on column platform.budget_reservations.period_start is
  'The period that it counts in, even when it is settled in the next.';
comment on column platform.budget_reservations.expires_at is
  'When it is given back if the request has not settled.';
comment on column platform.budget_reservations.settled_at is
  'When the request paid; null while it is under way.';
comment on column platform.budget_reservations.released_at is
  'When it was given back; a request that pays later is still counted.';
comment on column platform.budget_reservations.reserved_nanos is
  'The most that the request can cost, in billionths of the currency unit.';
comment on column platform.budget_reservations.spent_nanos is
  'What it cost; null until it is settled.';
comment on column platform.budget_reservations.slot is
  'The part of the counter that it was taken from.';
comment on index platform.budget_reservations_pkey is
  'The reservations of a request, to settle or release them.';
comment on index platform.budget_reservations_expires_at_idx is
  'Reservations that have run out, to give them back.';
comment on index platform.budget_reservations_budget_id_idx is
  'The check when a budget row is deleted.';
comment on function platform.budget_period_start(text, timestamptz, text, timestamptz) is
  'Beginning of the period of a budget that a time lies in.';
comment on function platform.budget_hard_limit(bigint, bigint) is
  'What a percentage of a limit is, in billionths, rounded down.';
comment on function platform.divide_budget(uuid, uuid, timestamptz, bigint, smallint, bigint) is
  'Divides what is left of a period among its 16 parts, takes an amount from one of them, and says whether there was enough.';
comment on function platform.raise_budget_alerts(uuid, uuid, timestamptz) is
  'Raises the alerts of thresholds that are passed, each once; returns how many are new.';
comment on function platform.reserve_budget(uuid, uuid, bigint, text, interval, timestamptz) is
  'Reserves the most that a request can cost in every living budget of its currency, or none and the budget that refuses. Safe to repeat.';
comment on function platform.release_budget(uuid, uuid) is
  'Gives back what a request holds that has not settled; returns of how many budgets.';
comment on function platform.settle_budget(uuid, uuid, bigint) is
  'Replaces what a request holds by what it cost, and raises alerts; returns how many are new. Safe to repeat: the first cost counts.';
comment on function platform.release_expired_budget_reservations(integer) is
  'Gives back reservations that have run out; returns how many.';
comment on function platform.divide_budget_anew() is
  'Trigger function of budgets: divides what is left when the limit changes.';
comment on trigger budgets_divide_anew on platform.budgets is
  'Makes a new limit hold at once.';
comment on function platform.move_budget_periods() is
  'Trigger function of organizations: takes what is spent of running periods over to the periods of a new time zone.';
comment on trigger organizations_move_budget_periods on platform.organizations is
  'Keeps a change of the time zone from letting a budget be spent twice.';
