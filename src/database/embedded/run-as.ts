/**
 * The user that the server runs as. PostgreSQL refuses to run as root, so a root process starts it as another
 * user of the machine, which must then own the data and be able to reach it.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, lchownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_ERRORS } from '../errors.js';

/** A user to switch to; only a root process has one. */
export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The users tried, in order: the one made for PostgreSQL, then the one that every Unix has. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The user that a root process runs the server as.
 * @throws DATABASE_EMBEDDED_NOT_STARTED on a machine without any of the users
 */
export function serverUser(): RunAs {
  for (const name of CANDIDATES) {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    if (uid !== undefined && gid !== undefined && uid !== 0) {
      return { name, uid, gid };
    }
  }
  throw DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
    message: `Cannot start the embedded PostgreSQL as root: this machine has no user ${CANDIDATES.join(' or ')} to run it as`,
    hint: 'Run the command as an ordinary user, or make a user named postgres.',
  });
}

function idOf(name: string, flag: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? Number(stdout.trim()) : undefined;
}

/** Whether the user can get to `path` and use it; asked of the system itself, which knows modes and ACLs. */
export function canReach(path: string, runAs: RunAs | undefined, how: 'write' | 'execute'): boolean {
  if (!runAs) {
    try {
      accessSync(path, how === 'write' ? constants.W_OK | constants.X_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
  const test = how === 'write' ? 'test -w "$1" && test -x "$1"' : 'test -x "$1"';
  return (
    spawnSync('/bin/sh', ['-c', test, 'sh', path], {
      stdio: 'ignore',
      cwd: '/',
      uid: runAs.uid,
      gid: runAs.gid,
    }).status === 0
  );
}

/** Makes the user the owner of `path` and of all that is in it; nothing to do without a user to switch to. */
export function handOver(path: string, runAs: RunAs | undefined): void {
  if (!runAs) {
    return;
  }
  lchownSync(path, runAs.uid, runAs.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      handOver(inner, runAs);
    } else {
      lchownSync(inner, runAs.uid, runAs.gid);
    }
  }
}
