import type { Database, Session } from '../../database/index.js';

export interface OpenedAhead {
  readonly database: Database;
  /** Ends the session that nobody took. */
  close(): Promise<void>;
}

/**
 * A database that opens its next session as soon as one is taken, for `count` runs of which each needs a new one: it is
 * there when the run before has ended.
 */
export function openedAhead(database: Database, count: number): OpenedAhead {
  let left = count;
  let waiting: Promise<Session> | undefined;
  const open = (): Promise<Session> => {
    const opening = database.connect();
    // Who takes it meets the failure.
    opening.catch(() => {});
    return opening;
  };
  return {
    database: {
      ...database,
      connect(options) {
        if (options !== undefined) {
          return database.connect(options);
        }
        const taken = waiting ?? open();
        left -= 1;
        waiting = left > 0 ? open() : undefined;
        return taken;
      },
    },
    async close() {
      await waiting?.then(
        (session) => session.close(),
        () => {},
      );
    },
  };
}
