/** The migrations that are run, in each tool's own form. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration as plain SQL. */
export interface PlainMigration {
  /** Digits of one length, rising. */
  readonly version: string;
  readonly up: string;
  readonly down: string;
}

/** Small ones: a table with a key, and an index. */
export function generated(count: number): readonly PlainMigration[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `things_${index + 1}`;
    return {
      version: `2026${String(index + 1).padStart(10, '0')}`,
      up: `create table ${table} (
  id bigint not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint ${table}_pkey primary key (id)
);
create index ${table}_name_idx on ${table} (name);
`,
      down: `drop table ${table};\n`,
    };
  });
}

/** Those of a folder of `<version>_<name>.up.sql` and `.down.sql`. */
export function readPairs(folder: string): readonly PlainMigration[] {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.up.sql'))
    .sort()
    .map((file) => ({
      version: file.split('_')[0]!,
      up: read(file),
      down: read(file.replace(/\.up\.sql$/, '.down.sql')),
    }));
}

/** The form that a tool wants. */
export type Form = 'pairs' | 'dbmate' | 'goose' | 'node-pg-migrate' | 'postgrator';

const FILES: Readonly<Record<Form, (migration: PlainMigration) => Readonly<Record<string, string>>>> = {
  pairs: ({ version, up, down }) => ({ [`${version}_step.up.sql`]: up, [`${version}_step.down.sql`]: down }),
  dbmate: ({ version, up, down }) => ({
    [`${version}_step.sql`]: `-- migrate:up\n${up}\n-- migrate:down\n${down}`,
  }),
  goose: ({ version, up, down }) => ({
    [`${version}_step.sql`]: `-- +goose Up\n${gooseBlock(up)}\n-- +goose Down\n${gooseBlock(down)}`,
  }),
  'node-pg-migrate': ({ version, up, down }) => ({
    [`${version}_step.sql`]: `-- Up Migration\n${up}\n-- Down Migration\n${down}`,
  }),
  postgrator: ({ version, up, down }) => ({
    [`${version}.do.step.sql`]: up,
    [`${version}.undo.step.sql`]: down,
  }),
};

/** As one statement: by itself goose divides at each semicolon, those inside functions too. */
function gooseBlock(sql: string): string {
  return `-- +goose StatementBegin\n${sql}\n-- +goose StatementEnd`;
}

/** Writes the migrations in that form into `folder`. */
export function writeMigrations(folder: string, migrations: readonly PlainMigration[], form: Form): void {
  mkdirSync(folder, { recursive: true });
  for (const migration of migrations) {
    for (const [name, content] of Object.entries(FILES[form](migration))) {
      writeFileSync(join(folder, name), content);
    }
  }
}
