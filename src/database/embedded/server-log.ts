/** The server's log file, and the error that quotes its end. */
import { closeSync, fstatSync, openSync, readFileSync, renameSync } from 'node:fs';
import { DATABASE_ERRORS } from '../errors.js';
import type { Place } from './place.js';

const TAIL_LINES = 12;
const KEPT_BYTES = 5_000_000;

/** An open log file, and how long it was then. */
export interface OpenLog {
  readonly descriptor: number;
  readonly startBytes: number;
}

/** Opens the log for appending; one that has grown large is put aside first, in place of the one before. */
export function openLog(path: string): OpenLog {
  const descriptor = openSync(path, 'a', 0o600);
  const { size } = fstatSync(descriptor);
  if (size < KEPT_BYTES) {
    return { descriptor, startBytes: size };
  }
  closeSync(descriptor);
  renameSync(path, `${path}.old`);
  return { descriptor: openSync(path, 'a', 0o600), startBytes: 0 };
}

export function logSince(path: string, startBytes: number): string {
  return readFileSync(path).subarray(startBytes).toString('utf8');
}

/** The error of a start that failed, with the last lines of what the server or initdb wrote. */
export function notStarted(place: Place, reason: string, output: string): Error {
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  return DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
    message: `Cannot start the embedded PostgreSQL: ${reason}${tail ? `\n${tail}` : ''}`,
    details: { log: place.logFile, logTail: tail, dataDir: place.dataDir },
  });
}
