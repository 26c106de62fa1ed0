-- The ledger: what is applied, by whom and in which run, kept in the database that it describes.
-- Format version 1. docs/formats.md explains every table; the engine alone writes here.
create schema plinth;

comment on schema plinth is
  'Plinth''s ledger: applied migrations, the log of runs, and who migrates now';

create table plinth.format (
  version integer not null,
  constraint format_pkey primary key (version)
);

comment on table plinth.format is 'The version of this ledger''s own format: one row';
comment on column plinth.format.version is 'The format version';

insert into plinth.format (version) values (1);

create table plinth.runs (
  id uuid not null,
  target text not null,
  scope text not null default '',
  action text not null,
  started_at timestamptz not null default clock_timestamp(),
  database_user text not null default current_user,
  client text not null,
  build text not null,
  source text not null,
  constraint runs_pkey primary key (id),
  constraint runs_action_check
    check (action in ('apply', 'rollback', 'baseline', 'adopt', 'repair'))
);

comment on table plinth.runs is 'One row a run that changed something; append-only';
comment on column plinth.runs.id is 'The run';
comment on column plinth.runs.target is 'The target, as plinth.yaml names it';
comment on column plinth.runs.scope is 'The schema, where a target is migrated schema by schema; else empty';
comment on column plinth.runs.action is 'What the run did';
comment on column plinth.runs.started_at is 'When it began, by the server''s clock';
comment on column plinth.runs.database_user is 'The database role it ran as';
comment on column plinth.runs.client is 'Who ran it and where: operating-system user@host';
comment on column plinth.runs.build is 'The version of Plinth';
comment on column plinth.runs.source is 'Where the migrations came from: folder or bundle digest';

create table plinth.run_events (
  id bigint not null generated always as identity,
  run_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  event text not null,
  version text,
  duration_ms bigint,
  details jsonb not null default '{}',
  constraint run_events_pkey primary key (id),
  constraint run_events_run_fkey
    foreign key (run_id) references plinth.runs (id) on delete restrict,
  constraint run_events_event_check
    check (event in ('applied', 'rolled-back', 'failed', 'baselined', 'adopted', 'repaired', 'resumed'))
);

comment on table plinth.run_events is 'What each run did, migration by migration; append-only';
comment on column plinth.run_events.id is 'The order in which events were written';
comment on column plinth.run_events.run_id is 'The run';
comment on column plinth.run_events.at is 'When, by the server''s clock';
comment on column plinth.run_events.event is 'What happened';
comment on column plinth.run_events.version is 'The migration it happened to';
comment on column plinth.run_events.duration_ms is 'How long it took, in milliseconds';
comment on column plinth.run_events.details is 'Error code, retries, lock wait, what was repaired';

create index run_events_run_idx on plinth.run_events (run_id);

comment on index plinth.run_events_run_idx is 'Serves: the events of one run';

create table plinth.migrations (
  target text not null,
  scope text not null default '',
  version text not null,
  name text not null,
  kind text not null,
  state text not null,
  up_text text not null,
  up_bytes text not null,
  up_meaning text not null,
  down_text text,
  down_bytes text,
  down_meaning text,
  statements_done integer not null default 0,
  statement_started jsonb,
  run_id uuid not null,
  applied_at timestamptz not null default clock_timestamp(),
  duration_ms bigint,
  constraint migrations_pkey primary key (target, scope, version),
  constraint migrations_run_fkey
    foreign key (run_id) references plinth.runs (id) on delete restrict,
  constraint migrations_kind_check
    check (kind in ('versioned', 'repeatable', 'baseline')),
  constraint migrations_state_check
    check (state in ('applied', 'applying', 'rolling-back')),
  constraint migrations_statements_done_check
    check (statements_done >= 0)
);

comment on table plinth.migrations is 'One row a migration that is applied, or is on its way up or down';
comment on column plinth.migrations.target is 'The target, as plinth.yaml names it';
comment on column plinth.migrations.scope is 'The schema, where a target is migrated schema by schema; else empty';
comment on column plinth.migrations.version is 'The version, as the file names it';
comment on column plinth.migrations.name is 'The rest of the file''s name';
comment on column plinth.migrations.kind is 'versioned; repeatable: run again when it changes; baseline: taken as applied';
comment on column plinth.migrations.state is 'applied, or under way in statements that no transaction can hold';
comment on column plinth.migrations.up_text is 'The up script as it was applied';
comment on column plinth.migrations.up_bytes is 'SHA-256 of the up script''s bytes';
comment on column plinth.migrations.up_meaning is 'SHA-256 of its tokens: comments and layout do not count';
comment on column plinth.migrations.down_text is 'The down script as it was when applied: an older checkout can roll back';
comment on column plinth.migrations.down_bytes is 'SHA-256 of the down script''s bytes';
comment on column plinth.migrations.down_meaning is 'SHA-256 of its tokens';
comment on column plinth.migrations.statements_done is 'While under way: how many statements are done for good';
comment on column plinth.migrations.statement_started is 'While under way: the statement that was started outside a transaction';
comment on column plinth.migrations.run_id is 'The run that applied it last';
comment on column plinth.migrations.applied_at is 'When it was applied, by the server''s clock';
comment on column plinth.migrations.duration_ms is 'How long it took, in milliseconds';

create index migrations_run_idx on plinth.migrations (run_id);

comment on index plinth.migrations_run_idx is 'Serves: rollback of the last run';

create table plinth.locks (
  target text not null,
  scope text not null default '',
  owner uuid,
  process_id integer,
  backend_start timestamptz,
  direct boolean,
  database_user text,
  client text,
  since timestamptz,
  expires_at timestamptz,
  constraint locks_pkey primary key (target, scope)
);

comment on table plinth.locks is 'Who migrates a target now: a lease that its holder keeps renewing';
comment on column plinth.locks.target is 'The target';
comment on column plinth.locks.scope is 'The schema, where a target is migrated schema by schema; else empty';
comment on column plinth.locks.owner is 'The token of the lease, new each time it is taken; null when nobody holds the lock';
comment on column plinth.locks.process_id is 'The holder''s server process';
comment on column plinth.locks.backend_start is 'When that process started: tells it from a later one of the same number';
comment on column plinth.locks.direct is 'Whether the holder is connected without a pooling proxy, so that its process ends with it';
comment on column plinth.locks.database_user is 'The holder''s database role';
comment on column plinth.locks.client is 'The holder: operating-system user@host (process)';
comment on column plinth.locks.since is 'Since when it is held';
comment on column plinth.locks.expires_at is 'When it may be taken over unless renewed';

create function plinth.hold_lock(lock_target text, lock_scope text, lock_owner uuid, lease interval)
  returns void
  language plpgsql
  as $$
begin
  update plinth.locks
     set expires_at = clock_timestamp() + lease
   where target = lock_target
     and scope = lock_scope
     and owner = lock_owner;
  if not found then
    raise exception 'the migration lock of target % was taken over', lock_target
      using errcode = 'PL001';
  end if;
end
$$;

comment on function plinth.hold_lock(text, text, uuid, interval) is
  'Renews the lock in the transaction that is about to change something, or fails with PL001 when it was lost';
