/** What is written down about a project's server between commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/index.js';
import type { Place } from './place.js';

/** `server.json`. It stays after a stop, so that the next start uses the same port. */
export interface ServerState {
  readonly port: number;
  readonly pid: number;
  /** The version of the PostgreSQL programs. */
  readonly version: string;
  /** The user it runs as, where that is not the one that started it. */
  readonly user: string | null;
  readonly durable: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

export function readState(place: Place): ServerState | undefined {
  try {
    return JSON.parse(readFileSync(join(place.stateDir, 'server.json'), 'utf8')) as ServerState;
  } catch {
    return undefined;
  }
}

export function writeState(place: Place, state: ServerState): void {
  writeFileAtomic(join(place.stateDir, 'server.json'), `${JSON.stringify(state, null, 2)}\n`);
}
