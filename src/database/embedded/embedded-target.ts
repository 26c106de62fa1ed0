import { EMBEDDED_MAJOR, type PostgresBinaries } from './binaries.js';

/** Which project's server is meant. */
export interface EmbeddedTarget {
  /** The project's folder; the server's files are in its `.plinth/postgres-<major>/`. */
  readonly projectDir: string;
  /** The PostgreSQL programs to use; those of the installed platform package unless told. */
  readonly binaries?: PostgresBinaries;
}

/** The major version of the target, which names its folder. */
export function majorOf(target: EmbeddedTarget): number {
  return target.binaries?.major ?? EMBEDDED_MAJOR;
}
