/** Making a cluster's data folder: with initdb, or as a copy of one that initdb has made. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PostgresBinaries, programPath } from './binaries.js';
import { cachedCluster } from './cluster-cache.js';
import { createPassword, EMBEDDED_USER, writePassword } from './credentials.js';
import type { Place } from './place.js';
import { giveTo, runProgram } from './program.js';
import { notStarted } from './server-log.js';
import { configurationLines } from './settings.js';

export function isInitialized(place: Place): boolean {
  return existsSync(join(place.dataDir, 'PG_VERSION'));
}

export interface InitializeOptions {
  /** False does not wait until the files are on the disk. */
  readonly durable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the data folder: under a temporary name, renamed when it is whole, so that a process killed in the middle
 * leaves no half-made data folder. To be called under the start lock.
 * @throws DATABASE_EMBEDDED_NOT_STARTED with what initdb said
 */
export async function initializeCluster(
  place: Place,
  binaries: PostgresBinaries,
  options: InitializeOptions,
): Promise<void> {
  await removeUnfinished(place.serverDir);
  const unfinished = mkdtempSync(join(place.serverDir, 'new-'));
  const dataDir = join(unfinished, 'data');
  const parameters = [
    ...initdbParameters(binaries.major),
    ...(options.durable ? [] : throwawayParameters(binaries.major)),
  ];
  const cached = options.durable ? undefined : cachedCluster(binaries, [...parameters, configurationLines()]);
  try {
    const known = cached?.take(dataDir);
    if (known === undefined) {
      const password = createPassword();
      await runInitdb(place, binaries, { dataDir, password, parameters, signal: options.signal });
      appendFileSync(join(dataDir, 'postgresql.conf'), configurationLines());
      cached?.keep(dataDir, password);
      writePassword(place, password);
    } else {
      writePassword(place, known);
    }
    renameSync(dataDir, place.dataDir);
  } finally {
    await removeFolder(unfinished);
  }
}

interface Initdb {
  readonly dataDir: string;
  readonly password: string;
  readonly parameters: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function runInitdb(
  place: Place,
  binaries: PostgresBinaries,
  { dataDir, password, parameters, signal }: Initdb,
): Promise<void> {
  const folder = dirname(dataDir);
  const passwordFile = join(folder, 'password');
  giveTo(place.runAs, folder);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(place.runAs, passwordFile);
  const { code, output } = await runProgram(
    programPath(binaries, 'initdb'),
    [`--pgdata=${dataDir}`, `--pwfile=${passwordFile}`, ...parameters],
    place.runAs,
    signal,
  );
  if (code !== 0) {
    throw notStarted(place, `initdb ended with ${code}`, output);
  }
}

/** What processes that were killed in the middle left; nobody else works here, as we hold the lock. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('new-')) {
      await removeFolder(join(folder, name));
    }
  }
}

/** An initdb whose parent was killed goes on for a moment and writes into the folder: try until it meets that. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

/**
 * The password is random and long, so that it needs no stretching: without it a connection takes a third of the time.
 */
function throwawayParameters(major: number): readonly string[] {
  return ['--no-sync', '--wal-segsize=1', ...(major >= 16 ? ['--set=scram_iterations=1'] : [])];
}

function initdbParameters(major: number): readonly string[] {
  return [
    `--username=${EMBEDDED_USER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...localeParameters(major),
    '--no-instructions',
  ];
}

/** Rules that are the same on every system and in every release, so that an index never goes stale. */
function localeParameters(major: number): readonly string[] {
  return major >= 17
    ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : ['--locale=C'];
}
