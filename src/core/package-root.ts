import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the installed package: files that are not JavaScript (SQL, templates) are read from it. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Reads a text file that ships with Plinth, e.g. `src/catalog/postgres/tables.sql`. */
export function readPackageFile(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** Plinth's own version, from its `package.json`. */
export function packageVersion(): string {
  return (JSON.parse(readPackageFile('package.json')) as { version: string }).version;
}
