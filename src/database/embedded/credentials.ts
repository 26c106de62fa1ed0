/** Who connects to an embedded server: one superuser with a random password, kept beside the data. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readText, writeFileAtomic } from '../../core/index.js';
import type { Place } from './place.js';

/**
 * The server's superuser. Not `plinth` or `platform`: a schema of the role's own name comes first in its search
 * path, and those are the ledger's and the foundation's schemas.
 */
export const EMBEDDED_USER = 'plinth_admin';

/** The database that every embedded server has, and that its connection string names. */
export const EMBEDDED_DATABASE = 'plinth';

const PASSWORD_BYTES = 24;

export function createPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

/** Writes it down, readable for the owner only. */
export function writePassword(place: Place, password: string): void {
  writeFileAtomic(passwordFile(place), `${password}\n`, 0o600);
}

/** The connection string of the database `plinth` on this place's server. @throws FILE_NOT_READ */
export function embeddedConnectionUrl(place: Place, port: number): string {
  const password = readText(passwordFile(place)).trim();
  return `postgresql://${EMBEDDED_USER}:${password}@127.0.0.1:${port}/${EMBEDDED_DATABASE}?sslmode=disable`;
}

function passwordFile(place: Place): string {
  return join(place.serverDir, 'password');
}
