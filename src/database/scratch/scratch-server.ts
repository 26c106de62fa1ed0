import type { Database } from '../session.js';

/** A throwaway database. */
export interface ScratchDatabase {
  readonly name: string;
  readonly database: Database;
  /** Removes it, ending the sessions that are still open on it. */
  drop(): Promise<void>;
}

/** A server with room for throwaway databases. */
export interface ScratchServer {
  readonly major: number;
  /** The server's version, e.g. `18.4`. */
  readonly version: string;
  /** Whether it was started for this run, or is the server of the database to be like. */
  readonly kind: 'own' | 'borrowed';
  /** What somebody who trusts a result should know about the server. */
  readonly notices: readonly string[];
  /** Makes an empty database, or a copy of `template`, on which no session may be open, to be worked on next. */
  createDatabase(template?: ScratchDatabase): Promise<ScratchDatabase>;
  /**
   * Says that work goes on on a database after another was worked on: on a server of our own, roles that scripts have
   * made on one are not in the way of the other.
   */
  useDatabase(database: ScratchDatabase): Promise<void>;
  /** Removes all that was made. */
  close(): Promise<void>;
}
