-- Format 2 of the ledger: the index of kept data. docs/formats.md explains it; the engine alone writes here.
create table plinth.kept (
  id bigint not null generated always as identity,
  target text not null,
  scope text not null default '',
  version text not null,
  direction text not null,
  run_id uuid not null,
  statement integer not null,
  kind text not null,
  schema_name text not null,
  relation_name text not null,
  layout jsonb not null default '{}',
  kept_table text,
  rows bigint not null default 0,
  bytes bigint not null default 0,
  kept_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  state text not null default 'kept',
  unplaced bigint not null default 0,
  reason text,
  constraint kept_pkey primary key (id),
  constraint kept_direction_check check (direction in ('up', 'down')),
  constraint kept_kind_check
    check (kind in ('table', 'column', 'rows', 'sequence', 'copy', 'declared')),
  constraint kept_state_check
    check (state in ('kept', 'restored', 'partly restored', 'purged'))
);

comment on table plinth.kept is 'What destructive statements would have destroyed: one row a table, column, set of rows or sequence';
comment on column plinth.kept.id is 'The order in which it was kept';
comment on column plinth.kept.target is 'The target';
comment on column plinth.kept.scope is 'The schema, where a target is migrated schema by schema; else empty';
comment on column plinth.kept.version is 'The migration that destroyed it';
comment on column plinth.kept.direction is 'The script that destroyed it: up or down. The other puts it back';
comment on column plinth.kept.run_id is 'The run';
comment on column plinth.kept.statement is 'The statement of the script, from 1';
comment on column plinth.kept.kind is 'table, column, rows, sequence; copy: never put back by itself; declared: not kept, with a reason';
comment on column plinth.kept.schema_name is 'The schema of what was destroyed, as named when the script began';
comment on column plinth.kept.relation_name is 'Its name, as it was when the script began';
comment on column plinth.kept.layout is 'Which column of the kept table holds what';
comment on column plinth.kept.kept_table is 'The table in the schema plinth_kept that holds it, while it does';
comment on column plinth.kept.rows is 'Rows kept';
comment on column plinth.kept.bytes is 'Bytes of the kept table when it was made';
comment on column plinth.kept.kept_at is 'When, by the server''s clock';
comment on column plinth.kept.expires_at is 'When a purge may remove it';
comment on column plinth.kept.state is 'kept; restored; partly restored: some rows could not be placed and stay; purged';
comment on column plinth.kept.unplaced is 'Rows that could not be placed when it was put back';
comment on column plinth.kept.reason is 'Why they could not be placed, or why nothing was kept';

create index kept_migration_idx on plinth.kept (target, scope, version);

comment on index plinth.kept_migration_idx is 'Serves: what one migration has kept';

alter table plinth.run_events drop constraint run_events_event_check;

alter table plinth.run_events add constraint run_events_event_check
  check (event in ('applied', 'rolled-back', 'failed', 'baselined', 'adopted', 'repaired', 'resumed', 'kept', 'restored'));

update plinth.format set version = 2;
