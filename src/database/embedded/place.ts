/**
 * Where an embedded server keeps its things. The state (password, port, lock) is always in the project, in
 * `.plinth/postgres-<major>/`. The data is beside it, except for a root process whose server user cannot get
 * there: then the data is in a folder of the machine, and `place.json` in the state folder says which.
 */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type OnProgress, type PlinthError, reasonOf, sha256, writeFileAtomic } from '../../core/index.js';
import { DATABASE_ERRORS } from '../errors.js';
import { canReach, isRoot, type RunAs, serverUser } from './run-as.js';

export interface Place {
  readonly projectDir: string;
  readonly major: number;
  /** Holds what Plinth writes: `password`, `server.json`, `place.json`, `start.lock`. */
  readonly stateDir: string;
  /** Holds what the server user must reach: `data` and, where needed, a copy of the programs. */
  readonly serverDir: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly runAs: RunAs | undefined;
}

interface PlaceRecord {
  /** The project that chose the place; a copy of the project must not use it. */
  readonly projectDir: string;
  readonly serverDir: string;
  readonly runAs: RunAs;
}

/** The place of a project's server as it was chosen before, without making anything. */
export function existingPlace(projectDir: string, major: number): Place | undefined {
  const stateDir = stateFolder(projectDir, major);
  const record = readRecord(stateDir);
  if (record && record.projectDir === realProject(projectDir)) {
    return placeOf(projectDir, major, record.serverDir, record.runAs);
  }
  return existsSync(join(stateDir, 'data')) ? placeOf(projectDir, major, stateDir, undefined) : undefined;
}

/**
 * The place of a project's server, chosen and made where there is none yet.
 * @throws DATABASE_EMBEDDED_FOLDER when the project cannot be written to; DATABASE_EMBEDDED_OWNER when another
 * kind of user made the data
 */
export function claimPlace(projectDir: string, major: number, onProgress: OnProgress): Place {
  const known = existingPlace(projectDir, major);
  if (known) {
    checkOwner(known);
  }
  const stateDir = stateFolder(projectDir, major);
  makeFolder(stateDir);
  if (known) {
    return known;
  }
  if (!isRoot()) {
    return placeOf(projectDir, major, stateDir, undefined);
  }
  return claimAsRoot(projectDir, major, stateDir, onProgress);
}

function claimAsRoot(projectDir: string, major: number, stateDir: string, onProgress: OnProgress): Place {
  const runAs = serverUser() as RunAs;
  const serverDir = reachableFolder(projectDir, major, stateDir, runAs);
  if (serverDir !== stateDir) {
    onProgress({
      task: 'start PostgreSQL',
      message: `the database is kept in ${serverDir}, because the user ${runAs.name} cannot reach ${stateDir}`,
    });
  }
  const record: PlaceRecord = { projectDir: realProject(projectDir), serverDir, runAs };
  writeFileAtomic(join(stateDir, 'place.json'), `${JSON.stringify(record, null, 2)}\n`);
  return placeOf(projectDir, major, serverDir, runAs);
}

/** The first folder that the server user can get to: in the project, among the machine's data, temporary. */
function reachableFolder(projectDir: string, major: number, stateDir: string, runAs: RunAs): string {
  if (canReach(stateDir, runAs, 'execute')) {
    return stateDir;
  }
  const project = realProject(projectDir);
  const name = `${basename(project)}-${sha256(project).slice(0, 8)}-${major}`;
  for (const folder of [join('/var/lib/plinth', name), join(tmpdir(), `plinth-${name}`)]) {
    if (makeOwnFolder(folder) && canReach(folder, runAs, 'execute')) {
      return folder;
    }
  }
  throw DATABASE_ERRORS.EMBEDDED_FOLDER({
    message: `Cannot keep the embedded PostgreSQL's data: the user ${runAs.name} can reach neither ${stateDir} nor /var/lib/plinth nor ${tmpdir()}`,
    hint: 'Run the command as an ordinary user, or move the project to a folder that others can enter.',
    details: { user: runAs.name, folder: stateDir },
  });
}

/** Makes a folder of ours that others may pass through; false where somebody else made one of that name. */
function makeOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== 0) {
      return false;
    }
    chmodSync(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}

function checkOwner(place: Place): void {
  if ((place.runAs !== undefined) !== isRoot()) {
    throw wrongOwner(place);
  }
  if (!isRoot() && existsSync(place.dataDir) && statSync(place.dataDir).uid !== process.getuid?.()) {
    throw wrongOwner(place);
  }
}

/** The error for data that this user cannot use: root made it and we are not root, or the other way round. */
export function wrongOwner(place: Place): PlinthError {
  const maker = place.runAs ? 'root' : isRoot() ? 'an ordinary user' : 'another user';
  const caller = isRoot() ? 'root' : place.runAs ? 'an ordinary user' : 'this user';
  return DATABASE_ERRORS.EMBEDDED_OWNER({
    message: `Cannot use the embedded PostgreSQL in ${place.stateDir} as ${caller}: ${maker} made it`,
    hint: `Run the command as ${place.runAs ? 'root' : 'the user that made it'}, or remove ${place.stateDir} to begin with an empty database.`,
    details: { folder: place.stateDir },
  });
}

function placeOf(projectDir: string, major: number, serverDir: string, runAs: RunAs | undefined): Place {
  const stateDir = stateFolder(projectDir, major);
  return {
    projectDir: resolve(projectDir),
    major,
    stateDir,
    serverDir,
    dataDir: join(serverDir, 'data'),
    logFile: join(stateDir, 'postgres.log'),
    runAs,
  };
}

function stateFolder(projectDir: string, major: number): string {
  return join(resolve(projectDir), '.plinth', `postgres-${major}`);
}

function realProject(projectDir: string): string {
  try {
    return realpathSync(projectDir);
  } catch {
    return resolve(projectDir);
  }
}

function readRecord(stateDir: string): PlaceRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(stateDir, 'place.json'), 'utf8')) as PlaceRecord;
  } catch {
    return undefined;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw DATABASE_ERRORS.EMBEDDED_FOLDER({
      message: `Cannot keep the embedded PostgreSQL's data in ${folder}: ${reasonOf(cause)}`,
      details: { folder },
      cause,
    });
  }
}
