/** PostgreSQL's own client programs, which the tests compare with; the packaged servers come without them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** The oldest version that is supported: its programs work with its own server and, psql, with newer ones. */
const FOLDER = '/usr/lib/postgresql/15/bin';

/** Set where the programs are not there: the reason for a skip. */
export const noPrograms = existsSync(`${FOLDER}/pg_dump`)
  ? undefined
  : "Debian's postgresql-client-15 is not there";

const run = promisify(execFile);

/** The DDL of the database, as pg_dump writes it. The server must be of version 15. */
export async function dumpSchema(url: string): Promise<string> {
  const { stdout } = await run(`${FOLDER}/pg_dump`, ['--schema-only', url], { maxBuffer: 1 << 28 });
  return stdout;
}

/** Runs a script as psql does, data of COPY and psql's commands included. Statements that fail are passed over. */
export async function runScript(url: string, script: string): Promise<void> {
  const child = run(`${FOLDER}/psql`, ['--no-psqlrc', '--quiet', '--output=/dev/null', url], {
    maxBuffer: 1 << 28,
  });
  child.child.stdin?.end(script);
  await child;
}
