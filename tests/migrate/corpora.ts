/** The migrations of public projects, where the machine has them: below the folder that PLINTH_CORPORA names. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, readSchema } from '../../src/catalog/index.js';
import { type Database, withSession } from '../../src/database/index.js';
import type { MigrationFolder } from '../../src/migrate/migration.js';

export interface Corpus {
  readonly name: string;
  /** Where the project keeps its migrations. */
  readonly folder: string;
  readonly format: string;
  /** How many migrations Plinth reads, and how many of them have a way down. */
  readonly migrations: number;
  readonly downs: number;
  /** Files that cannot be run here, and why; they are left out. */
  readonly without?: Readonly<Record<string, string>>;
  /** Files that are given another name, and why. */
  readonly renamed?: Readonly<Record<string, { readonly to: string; readonly why: string }>>;
  /** Downs that the server refuses, by version, with its reason. */
  readonly brokenDowns: Readonly<Record<string, string>>;
  /** Ups that the server refuses once their down has run, by version, with its reason. */
  readonly brokenSecondUps: Readonly<Record<string, string>>;
  /** How many migrations a rollback takes back, newest first, before it meets a down that fails or none. */
  readonly rolledBack: number;
}

/** The folder of a project's migrations; files directly in `<name>` are accepted too. */
export function corpusFolder(root: string, corpus: Corpus): string | undefined {
  return [join(root, corpus.name, corpus.folder), join(root, corpus.name)].find((path) => existsSync(path));
}

/** A copy of the folder without the files that cannot be run here; `drop` removes it. */
export function runnableCopy(folder: string, corpus: Corpus): { readonly path: string; drop(): void } {
  const path = mkdtempSync(join(tmpdir(), 'plinth-test-corpus-'));
  cpSync(folder, path, { recursive: true });
  for (const [from, { to }] of Object.entries(corpus.renamed ?? {})) {
    cpSync(join(path, from), join(path, to));
    rmSync(join(path, from));
  }
  for (const file of Object.keys(corpus.without ?? {})) {
    rmSync(join(path, file));
  }
  return { path, drop: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Applies every up script with psql, in one session, without Plinth. The files of goose and sql-migrate are put
 * into transactions, as these tools do.
 */
export function applyWithPsql(url: string, folder: MigrationFolder, root: string): void {
  const scripts = mkdtempSync(join(tmpdir(), 'plinth-test-psql-'));
  try {
    const files = folder.migrations.map(({ up }, index) => {
      const file = join(scripts, `${index}.sql`);
      writeFileSync(file, upScript(readFileSync(join(root, up.file.slice(folder.path.length + 1)), 'utf8')));
      return file;
    });
    const parameters = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...files.flatMap((file) => ['-f', file]), url];
    const settings = '-c client_min_messages=error';
    execFileSync('psql', parameters, { stdio: 'pipe', env: { ...process.env, PGOPTIONS: settings } });
  } finally {
    rmSync(scripts, { recursive: true, force: true });
  }
}

/** Whole, or what stands between the marker of the up and that of the down. */
function upScript(text: string): string {
  const markers = [...text.matchAll(/^-- \+(?:goose|migrate) (up|down)\b.*$/gim)];
  if (markers.length === 0) {
    return text;
  }
  const ups = markers.map((match, index) =>
    match[1]!.toLowerCase() === 'up' ? text.slice(match.index, markers[index + 1]?.index) : '',
  );
  const isBare = /no transaction|notransaction/i.test(text);
  return isBare ? ups.join('\n') : `begin;\n${ups.join('\n')}\n;\ncommit;\n`;
}

/** The schema's fingerprint, names that PostgreSQL 18 gives to not-null constraints included. */
export function schemaOf(database: Database, ignoreColumnOrder = false): Promise<string> {
  return withSession(database, async (session) =>
    fingerprint(await readSchema(session), { exact: !ignoreColumnOrder, ignoreColumnOrder }),
  );
}
