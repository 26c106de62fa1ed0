/**
 * Where an embedded server keeps its things. The state (lock, log, port) is always in the project, in
 * `.plinth/postgres-<major>/`. The data and its password are beside it, except for a root process whose server
 * user cannot get there: then they are in a folder of the machine, which `place.json` in the state folder names.
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
import { canReach, handOver, isRoot, type RunAs, serverUser } from './run-as.js';

export interface Place {
  readonly projectDir: string;
  /** Holds `server.json`, `start.lock`, `postgres.log` and, for a root process, `place.json`. */
  readonly stateDir: string;
  /** Holds what belongs to the data: `data`, `password` and, where needed, a copy of the programs. */
  readonly serverDir: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly lockFile: string;
  /** Set where a root process made the place. */
  readonly runAs: RunAs | undefined;
}

/** `place.json`: what a root process decided. */
interface PlaceRecord {
  /** The project that decided it: a copy of the project must not use the same folder of the machine. */
  readonly projectDir: string;
  /** The folder of the machine, or null where the data is in the project. */
  readonly serverDir: string | null;
  readonly runAs: RunAs;
}

/** The place of a project's server as it was decided before; nothing is made. */
export function existingPlace(projectDir: string, major: number): Place | undefined {
  const stateDir = stateFolder(projectDir, major);
  const record = readRecord(stateDir);
  if (record && ownsServerDir(record, projectDir, major)) {
    return placeOf(projectDir, stateDir, record.serverDir ?? stateDir, record.runAs);
  }
  return !record && existsSync(join(stateDir, 'data'))
    ? placeOf(projectDir, stateDir, stateDir, undefined)
    : undefined;
}

/**
 * The place of a project's server, decided and made where there is none yet.
 * @throws DATABASE_EMBEDDED_FOLDER when the project cannot be written to
 */
export function claimPlace(projectDir: string, major: number, onProgress: OnProgress): Place {
  const known = existingPlace(projectDir, major);
  const stateDir = stateFolder(projectDir, major);
  makeStateFolder(stateDir);
  if (known || !isRoot()) {
    return known ?? placeOf(projectDir, stateDir, stateDir, undefined);
  }
  return claimAsRoot(projectDir, major, stateDir, onProgress);
}

function claimAsRoot(projectDir: string, major: number, stateDir: string, onProgress: OnProgress): Place {
  const runAs = serverUser();
  const serverDir = canReach(stateDir, runAs, 'execute')
    ? null
    : machineFolder(realPath(projectDir), major, runAs);
  if (serverDir !== null) {
    const reason = `the user ${runAs.name}, which runs it, cannot reach ${stateDir}`;
    onProgress({ task: 'start PostgreSQL', message: `the database is kept in ${serverDir}: ${reason}` });
  }
  const record: PlaceRecord = { projectDir: realPath(projectDir), serverDir, runAs };
  writeFileAtomic(join(stateDir, 'place.json'), `${JSON.stringify(record, null, 2)}\n`);
  return placeOf(projectDir, stateDir, serverDir ?? stateDir, runAs);
}

/** The folder outside of the project: among the machine's data, else a temporary one. */
function machineFolder(project: string, major: number, runAs: RunAs): string {
  const name = `${basename(project)}-${sha256(project).slice(0, 8)}-${major}`;
  const folders = [join('/var/lib/plinth', name), join(tmpdir(), `plinth-${name}`)];
  const folder = folders.find((candidate) => isMadeByUs(candidate) && canReach(candidate, runAs, 'execute'));
  if (folder === undefined) {
    throw DATABASE_ERRORS.EMBEDDED_FOLDER({
      message: `Cannot keep the embedded PostgreSQL's data: the user ${runAs.name} can reach neither the project ${project} nor ${folders.join(' nor ')}`,
      hint: 'Run the command as an ordinary user, or move the project to a folder that others can enter.',
      details: { user: runAs.name, folder: project },
    });
  }
  return folder;
}

/** Makes a folder that others may pass through; false where somebody else has one of that name. */
function isMadeByUs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
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

/**
 * @throws DATABASE_EMBEDDED_OWNER when root made the data and this is an ordinary user, or the other way round,
 * or another ordinary user made it
 */
export function checkOwner(place: Place): void {
  if ((place.runAs !== undefined) !== isRoot()) {
    throw wrongOwner(place);
  }
  // Windows has no user numbers; there the access rights of the folder decide.
  const me = process.getuid?.();
  if (me !== undefined && me !== 0 && existsSync(place.dataDir) && statSync(place.dataDir).uid !== me) {
    throw wrongOwner(place);
  }
}

function wrongOwner(place: Place): PlinthError {
  const maker = place.runAs ? 'root' : isRoot() ? 'an ordinary user' : 'another user';
  const caller = isRoot() ? 'root' : 'this user';
  return DATABASE_ERRORS.EMBEDDED_OWNER({
    message: `Cannot use the embedded PostgreSQL in ${place.stateDir} as ${caller}: ${maker} made it`,
    hint: `Run the command as ${place.runAs ? 'root' : 'the user that made it'}, or remove ${place.serverDir} to begin with an empty database.`,
    details: { folder: place.stateDir },
  });
}

/** Gives the data back to the server's user, where root has copied or restored the folder. */
export function takeOwnership(place: Place): void {
  if (place.runAs && statSync(place.dataDir).uid !== place.runAs.uid) {
    handOver(place.dataDir, place.runAs);
  }
}

function placeOf(projectDir: string, stateDir: string, serverDir: string, runAs: RunAs | undefined): Place {
  return {
    projectDir: resolve(projectDir),
    stateDir,
    serverDir,
    dataDir: join(serverDir, 'data'),
    logFile: join(stateDir, 'postgres.log'),
    lockFile: join(stateDir, 'start.lock'),
    runAs,
  };
}

/** Whether the record's folder is this project's: a project that was moved takes it along, a copy does not. */
function ownsServerDir(record: PlaceRecord, projectDir: string, major: number): boolean {
  if (record.serverDir === null || record.projectDir === realPath(projectDir)) {
    return true;
  }
  return readRecord(stateFolder(record.projectDir, major))?.serverDir !== record.serverDir;
}

function readRecord(stateDir: string): PlaceRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(stateDir, 'place.json'), 'utf8')) as PlaceRecord;
  } catch {
    return undefined;
  }
}

function stateFolder(projectDir: string, major: number): string {
  return join(resolve(projectDir), '.plinth', `postgres-${major}`);
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

function makeStateFolder(folder: string): void {
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
