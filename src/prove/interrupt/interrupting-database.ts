/**
 * A database whose server process is ended once a certain statement of a script has run, before anything that
 * follows it, and which cannot be reached from then on: for the engine and for the server it is as if the other had
 * been killed at that moment.
 */
import { type Database, type Session, type StatementResult, sqlstateOf } from '../../database/index.js';
import { placesIn, type ScriptPart, SEPARATOR } from '../measure/statement-places.js';
import { type OnStatement, wrappedDatabase } from '../measure/wrapped-database.js';

export interface InterruptingDatabase {
  /** To be given to the engine. */
  readonly database: Database;
  /** The server process that was ended; `undefined` where the statement was not reached. */
  ended(): number | undefined;
}

/** A session may end itself only in its own role. */
const END: readonly string[] = [
  'reset session authorization',
  'reset role',
  'select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())',
];

/** What a session that is ended is told. */
const ADMIN_SHUTDOWN = '57P01';

/** @param after the number of the statement */
export function interruptingDatabase(
  database: Database,
  script: readonly ScriptPart[],
  after: number,
): InterruptingDatabase {
  let ended: number | undefined;
  let next = 1;
  const run = async (
    session: Session,
    sql: string,
    onStatement: OnStatement | undefined,
  ): Promise<StatementResult[]> => {
    const places = ended !== undefined ? [] : placesIn(sql, script, next);
    next = (places.at(-1)?.part.number ?? next - 1) + 1;
    const place = places.find(({ part }) => part.number === after);
    if (!place) {
      return session.run(sql, onStatement);
    }
    ended = session.server.processId;
    try {
      if (place.part.alone) {
        await session.run(sql, onStatement);
        return await session.run(END.join(SEPARATOR));
      }
      return await session.run([sql.slice(0, place.end), ...END].join(SEPARATOR), onStatement);
    } catch (error) {
      // The message may fail before it gets there; the engine then sends the statement once more.
      if (session.isOpen && sqlstateOf(error) !== ADMIN_SHUTDOWN) {
        ended = undefined;
      }
      throw error;
    }
  };
  const { connect, ...rest } = wrappedDatabase(database, run);
  return {
    database: {
      ...rest,
      async connect(options) {
        if (ended !== undefined) {
          throw new Error('a process that was killed connects no more');
        }
        return await connect(options);
      },
    },
    ended: () => ended,
  };
}
