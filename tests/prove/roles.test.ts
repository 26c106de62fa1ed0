/** Roles belong to the server, and one server has all the databases of a proof. */
import { expect, it } from 'vitest';
import type { Migration } from '../../src/migrate/index.js';
import { generatedRows, prove } from '../../src/prove/index.js';

const SCRIPTS: readonly (readonly [up: string, down?: string])[] = [
  [
    'create role reporter; create table t (id int primary key, v text); grant select on t to reporter;',
    'drop table t; drop role reporter;',
  ],
  // Refuses the rows that are there: the history is applied anew, without them.
  ['alter table t add check (length(v) = 7777);', 'alter table t drop constraint t_v_check;'],
  // Its down leaves the index: it is tried again on another copy.
  [
    'create role writer; grant insert on t to writer;',
    'revoke insert on t from writer; drop role writer; create index stray on t (v);',
  ],
  // Without a way back it is cut off on another database.
  ['create role auditor; grant select on t to auditor;'],
  ['create table u (id int primary key); grant select on u to auditor, writer, reporter;', 'drop table u;'],
];

it('roles that migrations make are there where they were made, and not where the history has not come to them', {
  timeout: 120_000,
}, async () => {
  const migrations = SCRIPTS.map(([up, down], index): Migration => {
    const script = (sql: string, direction: string) => ({
      file: `${index}.${direction}.sql`,
      read: () => sql,
    });
    return {
      version: String(index + 1),
      name: 'roles',
      kind: 'versioned',
      up: script(up, 'up'),
      down: down === undefined ? undefined : script(down, 'down'),
    };
  });
  const { migrations: proofs } = await prove({
    target: 'roles',
    folder: { path: 'migrations', format: 'plinth', migrations, programs: [], notices: [] },
    versions: migrations.map(({ version }) => version),
    filler: generatedRows(),
    parallel: 1,
  });
  expect(proofs.map(({ verdict, reasons }) => [verdict, reasons.map(({ kind }) => kind)])).toEqual([
    ['proven with kept data', []],
    ['proven', []],
    ['broken', ['schema-differs', 'reapply-schema-differs', 'interruption-differs']],
    ['unproven', ['no-down']],
    ['proven with kept data', []],
  ]);
});
