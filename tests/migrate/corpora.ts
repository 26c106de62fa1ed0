/** The migrations of public projects, where the machine has them: below the folder that PLINTH_CORPORA names. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, readSchema } from '../../src/catalog/index.js';
import { isPlinthError } from '../../src/core/index.js';
import { type Database, withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, rollback } from '../../src/migrate/index.js';
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
  /** Where a rollback of all that has a way down stops, newest first: the error; nothing where it goes through. */
  readonly rollbackStops: string | undefined;
  /** How many migrations the apply after it makes again; `undefined` where one of them fails. */
  readonly appliedAgain: number | undefined;
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

/** The whole schema as 64 digits, names of not-null constraints included. */
export function schemaOf(database: Database): Promise<string> {
  return withSession(database, async (session) => fingerprint(await readSchema(session), { exact: true }));
}

/** What the server refused, by version, with its reason. */
export interface Reversibility {
  readonly brokenDowns: Readonly<Record<string, string>>;
  readonly brokenSecondUps: Readonly<Record<string, string>>;
}

/**
 * Takes each migration up, down and up again, each at the place where it stands in the history. Where one of these
 * fails, the history is built anew in another database up to the next migration.
 */
export async function walk(
  folder: MigrationFolder,
  options: Omit<MigrateOptions, 'database'>,
  makeDatabase: () => Promise<Database>,
): Promise<Reversibility> {
  const broken = { brokenDowns: {} as Record<string, string>, brokenSecondUps: {} as Record<string, string> };
  let database = await makeDatabase();
  for (const { version } of folder.migrations.filter(({ down }) => down !== undefined)) {
    await apply({ ...options, database, to: version });
    const downFailure = await failureOf(rollback({ ...options, database, steps: 1 }));
    const upFailure = downFailure ?? (await failureOf(apply({ ...options, database, steps: 1 })));
    if (upFailure !== undefined) {
      broken[downFailure === undefined ? 'brokenSecondUps' : 'brokenDowns'][version] = upFailure;
      database = await makeDatabase();
      await apply({ ...options, database, to: version });
    }
  }
  return broken;
}

/** The server's reason, without the migration's name in front of it. */
async function failureOf(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (!isPlinthError(error, 'MIGRATE_STATEMENT_FAILED')) {
      throw error;
    }
    return error.message.replace(/^Cannot \w+ \S+: /, '');
  }
}
