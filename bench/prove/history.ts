/** A history of the shapes that migrations have, of any length: tables, columns, indexes, data, types, functions. */
import type { Migration, MigrationFolder } from '../../src/migrate/index.js';

interface Scripts {
  readonly up: string;
  readonly down: string;
}

/** Every tenth makes a table; those between change it. */
const KINDS: readonly ((table: string) => Scripts)[] = [
  (table) => ({
    up: `create table ${table} (
  id bigint generated always as identity primary key,
  name text not null,
  created_at timestamptz not null default now()
);
comment on table ${table} is 'Made for a benchmark.';`,
    down: `drop table ${table};`,
  }),
  (table) => ({
    up: `alter table ${table} add column email text;`,
    down: `alter table ${table} drop column email;`,
  }),
  (table) => ({
    up: `create index ${table}_email on ${table} (email);`,
    down: `drop index ${table}_email;`,
  }),
  (table) => ({
    up: `alter table ${table} add column status text not null default 'new' check (status in ('new', 'done'));`,
    down: `alter table ${table} drop column status;`,
  }),
  (table) => ({
    up: `update ${table} set status = 'done' where email is null;`,
    down: `update ${table} set status = 'new' where email is null;`,
  }),
  (table) => ({
    up: `alter table ${table} alter column name type varchar(2000);`,
    down: `alter table ${table} alter column name type text;`,
  }),
  (table) => ({
    up: `create table ${table}_notes (
  id bigint generated always as identity primary key,
  parent_id bigint not null references ${table} (id),
  note text
);
create index ${table}_notes_parent on ${table}_notes (parent_id);`,
    down: `drop table ${table}_notes;`,
  }),
  (table) => ({
    up: `create view ${table}_named as select id, name from ${table};`,
    down: `drop view ${table}_named;`,
  }),
  (table) => ({
    up: `alter table ${table} alter column email set default '';`,
    down: `alter table ${table} alter column email drop default;`,
  }),
  (table) => ({
    up: `create function ${table}_count() returns bigint language sql stable as 'select count(*) from ${table}';`,
    down: `drop function ${table}_count();`,
  }),
];

export function history(length: number): MigrationFolder {
  const migrations = Array.from({ length }, (_, index): Migration => {
    const table = `t${Math.floor(index / KINDS.length)}`;
    const { up, down } = KINDS[index % KINDS.length]!(table);
    const version = String(index + 1).padStart(4, '0');
    return {
      version,
      name: `step_${index % KINDS.length}`,
      kind: 'versioned',
      up: { file: `${version}.up.sql`, read: () => up },
      down: { file: `${version}.down.sql`, read: () => down },
    };
  });
  return { path: 'generated', format: 'generated', migrations, programs: [], notices: [] };
}
