/** What is written down about a project's server between commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/index.js';
import type { Place } from './place.js';
import type { RunningServer } from './running-server.js';

/** `server.json`. It stays after a stop, so that the next start uses the same port. */
export interface ServerState {
  readonly port: number;
  readonly pid: number;
  /** PostgreSQL's version, e.g. `18.4`. */
  readonly version: string;
  /** The user it runs as, where that is not the one that started it. */
  readonly user: string | null;
  readonly durable: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

export function readState(place: Place): ServerState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(place), 'utf8')) as ServerState;
  } catch {
    return undefined;
  }
}

export function writeState(running: RunningServer, durable: boolean): void {
  const { place, port, pid, version } = running;
  const user = place.runAs?.name ?? null;
  const state: ServerState = { port, pid, version, user, durable, startedAt: new Date().toISOString() };
  writeFileAtomic(stateFile(place), `${JSON.stringify(state, null, 2)}\n`);
}

function stateFile(place: Place): string {
  return join(place.stateDir, 'server.json');
}
