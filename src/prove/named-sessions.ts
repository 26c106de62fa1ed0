import type { Database } from '../database/index.js';

/**
 * The database, with a name for the sessions that are given none: a pool lends those of one name to the same kind of
 * work, which then finds in their caches what it needs.
 */
export function namedSessions(database: Database, applicationName: string): Database {
  return { ...database, connect: (options) => database.connect({ applicationName, ...options }) };
}
