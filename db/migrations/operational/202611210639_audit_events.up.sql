-- What:  the audit trail: who did what to which thing, and with what outcome.
-- Why:   append-only, by triggers that refuse update, delete and truncate for everybody, the owner too.
--        In monthly partitions, so that what is older than its retention leaves as a table, in an
--        instant, and not row by row. No default partition: a row without a month is an error to see,
--        not a heap that blocks the making of that month.
--        The partitions depend on the date, so upkeep makes them (next migration), not this one.
--        No foreign keys: the trail outlives what it tells of. The chain that proves that nothing is
--        missing belongs to governance and comes later, as columns of this table.
-- Locks: none but on the new table.

create function platform.refuse_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('Cannot %s %I.%I: it is append-only', lower(tg_op), tg_table_schema, tg_table_name),
    hint = 'Append a correcting event. To end retention, detach and drop whole partitions.',
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

create table platform.audit_events (
  organization_id uuid not null,
  occurred_at timestamptz not null default now(),
  id uuid not null default platform.uuid_v7(),
  actor_kind text not null,
  actor_id text,
  action text not null,
  target_kind text not null,
  target_id text,
  outcome text not null,
  request_id text,
  source_ip inet,
  details jsonb not null default '{}',
  constraint audit_events_pkey primary key (organization_id, occurred_at, id),
  constraint audit_events_actor_kind_check check (actor_kind in ('user', 'api_key', 'service', 'system')),
  constraint audit_events_actor_id_check check (
    (actor_id is not null or actor_kind = 'system')
    and char_length(actor_id) between 1 and 255
  ),
  constraint audit_events_action_check check (
    char_length(action) <= 100
    and action ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)+$'
  ),
  constraint audit_events_target_kind_check check (target_kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint audit_events_target_id_check check (char_length(target_id) between 1 and 255),
  constraint audit_events_outcome_check check (outcome in ('success', 'failure', 'denied')),
  constraint audit_events_request_id_check check (char_length(request_id) between 1 and 255),
  constraint audit_events_details_check check (
    jsonb_typeof(details) = 'object'
    and octet_length(details::text) <= 65536
  )
) partition by range (occurred_at);

create index audit_events_target_idx
  on platform.audit_events (organization_id, target_kind, target_id, occurred_at);

-- For each row, so that it is copied to every partition and holds there too.
create trigger audit_events_refuse_change
  before update or delete on platform.audit_events
  for each row
  execute function platform.refuse_change();

-- Not copied to partitions by PostgreSQL: who makes a partition gives it its own.
create trigger audit_events_refuse_truncate
  before truncate on platform.audit_events
  for each statement
  execute function platform.refuse_change();

comment on function platform.refuse_change() is
  'Trigger function of append-only tables: refuses the statement with restrict_violation (23001).';
comment on table platform.audit_events is
  'Audit trail: who did what to which thing, with what outcome. Append-only, in monthly partitions (UTC).';
comment on column platform.audit_events.organization_id is
  'The tenant it happened in; the nil UUID for what concerns the platform itself.';
comment on column platform.audit_events.occurred_at is
  'When it happened. Chooses the partition.';
comment on column platform.audit_events.id is
  'Identity of the event; tells apart what happened at one time.';
comment on column platform.audit_events.actor_kind is
  'Who acted: user, api_key, service (another program of the platform) or system (the database, a schedule).';
comment on column platform.audit_events.actor_id is
  'Which one: the id of the user or key, the name of the service. Null only for system.';
comment on column platform.audit_events.action is
  'What was done, as area.verb, such as api_key.create; up to 100 characters.';
comment on column platform.audit_events.target_kind is
  'What it was done to, as the singular of its table, such as api_key.';
comment on column platform.audit_events.target_id is
  'Which one; null when there is none, such as a list or a refused creation.';
comment on column platform.audit_events.outcome is
  'success, failure (it was tried and went wrong) or denied (the actor was not allowed to).';
comment on column platform.audit_events.request_id is
  'The request it happened in, to find its traces; null outside of requests.';
comment on column platform.audit_events.source_ip is
  'Address the request came from; null when there was none. Personal data.';
comment on column platform.audit_events.details is
  'What else matters, as an object of up to 64 KiB of text. No secrets, no prompts, no personal data.';
comment on index platform.audit_events_pkey is
  'The events of an organization, newest first (read backwards), page by page.';
comment on index platform.audit_events_target_idx is
  'What happened to one thing, newest first (read backwards).';
comment on trigger audit_events_refuse_change on platform.audit_events is
  'Refuses update and delete, on the table and on each partition.';
comment on trigger audit_events_refuse_truncate on platform.audit_events is
  'Refuses truncate of the table; each partition has its own.';
