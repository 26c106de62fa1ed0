/** The migrations that are cut: folders that a person can read, and one whose text is too long for a file here. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPlinthError } from '../../../src/core/index.js';
import { type Database, type Session, withSession } from '../../../src/database/index.js';
import { apply, type MigrateOptions, rollback } from '../../../src/migrate/index.js';
import { databaseState, ledgerState } from '../database-state.js';

export type Direction = 'up' | 'down';

export interface FaultCase {
  readonly name: string;
  /** The folder of migrations. */
  readonly folder: string;
  /** What is in the database before. */
  readonly fixture: string;
}

const CASES_FOLDER = fileURLToPath(new URL('./cases/', import.meta.url));

/** Every case, by name. `dispose` removes what was written for them. */
export function loadFaultCases(): { readonly cases: readonly FaultCase[]; readonly dispose: () => void } {
  const common = readFileSync(join(CASES_FOLDER, 'fixture.sql'), 'utf8');
  const cases = readdirSync(CASES_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }): FaultCase => {
      const own = join(CASES_FOLDER, name, 'fixture.sql');
      const hasOwn = readdirSync(join(CASES_FOLDER, name)).includes('fixture.sql');
      return {
        name,
        folder: join(CASES_FOLDER, name, 'migrations'),
        fixture: hasOwn ? `${common}\n${readFileSync(own, 'utf8')}` : common,
      };
    });
  const long = mkdtempSync(join(tmpdir(), 'plinth-test-long-text-'));
  return {
    cases: [...cases, longText(long, common)],
    dispose: () => rmSync(long, { recursive: true, force: true }),
  };
}

/** A message of a megabyte: more than any buffer on the way holds at once. */
function longText(folder: string, fixture: string): FaultCase {
  mkdirSync(folder, { recursive: true });
  const rows = Array.from({ length: 8000 }, (_, n) => `  (${n}, '${'x'.repeat(110)}')`).join(',\n');
  writeFileSync(
    join(folder, '1_long.up.sql'),
    `create table app.long (id integer, note text);\ninsert into app.long values\n${rows};\ninsert into app.trail values ('up');\n`,
  );
  writeFileSync(join(folder, '1_long.down.sql'), `drop table app.long; -- ${'x'.repeat(1_000_000)}\n`);
  return { name: 'long-text', folder, fixture };
}

/** Ends every other session on the database and makes it what the case begins with. */
export async function prepareDatabase(session: Session, faultCase: FaultCase): Promise<void> {
  await session.query(
    `select pg_terminate_backend(pid, 10000)
       from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await session.run(`
    set client_min_messages = error;
    drop schema if exists plinth cascade;
    drop schema if exists plinth_kept cascade;
    drop schema if exists app cascade;
    drop schema if exists public cascade;
    create schema public;
    ${faultCase.fixture}`);
}

/** What a run in that direction is told; the waits are short, since nothing here has to wait for long. */
export function migrateOptions(database: Database, folder: string): MigrateOptions {
  return {
    database,
    target: 'main',
    folder: { path: folder },
    limits: { applyLockTimeoutMs: 20_000, retryForMs: 10_000 },
  };
}

/** Applies all, or rolls all back. */
export async function migrate(
  database: Database,
  { folder }: FaultCase,
  direction: Direction,
): Promise<void> {
  const options = migrateOptions(database, folder);
  await (direction === 'up' ? apply(options) : rollback({ ...options, to: '0' }));
}

/** The run after the cut: the same command once more, by nobody's help. */
export async function recover(database: Database, faultCase: FaultCase, direction: Direction): Promise<void> {
  try {
    await migrate(database, faultCase, direction);
  } catch (error) {
    // The cut run had rolled everything back, and only the news of it was lost.
    if (!isPlinthError(error, 'MIGRATE_NOTHING_TO_ROLL_BACK')) {
      throw error;
    }
  }
}

export async function stateOf(database: Database): Promise<string> {
  return withSession(database, async (session) =>
    [...(await databaseState(session)), ...(await ledgerState(session))].join('\n'),
  );
}
