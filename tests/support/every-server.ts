import { describe } from 'vitest';
import { serverUrl } from './database.js';
import { MAJORS, testServer } from './servers.js';

export interface ServerUnderTest {
  readonly major: number;
  /** The superuser's connection string; the server is started on the first call. */
  url(): Promise<string>;
}

/**
 * Runs a suite once on every PostgreSQL version that Plinth supports; one that is not installed is reported as
 * skipped, with the reason in its title.
 */
export function describeOnEveryServer(title: string, suite: (server: ServerUnderTest) => void): void {
  for (const major of MAJORS) {
    const server = testServer(major);
    if (server.missing !== undefined) {
      describe.skip(`${title} on PostgreSQL ${major} (skipped: ${server.missing})`, () =>
        suite({ major, url: () => serverUrl(major) }));
    } else {
      describe(`${title} on PostgreSQL ${major}`, () => suite({ major, url: () => serverUrl(major) }));
    }
  }
}
