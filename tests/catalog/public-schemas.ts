/** The schemas of public projects, where the machine has them: below the folder that PLINTH_CORPORA names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PublicSchema {
  /** The project's folder. */
  readonly name: string;
  /** Its tables, partitions included. */
  readonly tables: number;
  /** The first major version that takes it. */
  readonly since?: number;
  /** What to run in an empty database. */
  readonly script: (read: (path: string) => string, list: (folder: string) => readonly string[]) => string;
}

export const PUBLIC_SCHEMAS: readonly PublicSchema[] = [
  { name: 'tbls-testdata', tables: 15, script: (read) => read('testdata/ddl/postgres.sql') },
  { name: 'tbls-too-many', tables: 1000, script: (read) => read('testdata/ddl/createtable_too_many.sql') },
  {
    name: 'pagila',
    tables: 24,
    script: (read) => read('pagila-schema.sql') + read('pagila-schema-jsonb.sql'),
  },
  {
    name: 'pagila-18',
    tables: 72,
    since: 18,
    script: (read) => read('pagila-schema.sql') + read('pagila-schema-jsonb.sql'),
  },
  {
    name: 'chinook',
    tables: 11,
    script: (read) => withoutDatabase(read('ChinookDatabase/DataSources/Chinook_PostgreSql.sql')),
  },
  { name: 'northwind', tables: 14, script: (read) => read('northwind.sql') },
  {
    name: 'synapse',
    tables: 138,
    script: (read) =>
      ['common', 'state', 'main']
        .map((part) => read(`synapse/storage/schema/${part}/full_schemas/72/full.sql.postgres`))
        .join('\n'),
  },
  { name: 'lago', tables: 139, script: (read) => read('db/structure.sql') },
  { name: 'supabase-auth', tables: 23, script: supabase },
];

/** The text that makes it, or why it is not there. */
export function scriptOf(schema: PublicSchema): { readonly text: string } | { readonly missing: string } {
  const root = process.env.PLINTH_CORPORA;
  if (root === undefined) {
    return { missing: 'PLINTH_CORPORA names no folder' };
  }
  const folder = join(root, schema.name);
  if (!existsSync(folder)) {
    return { missing: `PLINTH_CORPORA has no folder ${schema.name}` };
  }
  const text = schema.script(
    (path) => readFileSync(join(folder, path), 'utf8'),
    (path) => readdirSync(join(folder, path)).sort(),
  );
  return { text };
}

/** Without the lines that make a database and connect to it. */
function withoutDatabase(script: string): string {
  return script.replace(/^(create|drop) database .*;$|^\\c .*$/gim, '');
}

function supabase(read: (path: string) => string, list: (folder: string) => readonly string[]): string {
  const migrations = list('migrations')
    .filter((name) => name.endsWith('.up.sql'))
    .map((name) => `${read(`migrations/${name}`)};`)
    .join('\n')
    .replaceAll(/\{\{ *index \.Options "Namespace" *\}\}/g, 'auth');
  return `create schema auth;\nset search_path to auth;\n${migrations}`;
}
