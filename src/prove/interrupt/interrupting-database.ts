/**
 * A database whose server process is ended once a certain statement of a script has run, before anything that
 * follows it: as if the machine with the engine on it, or the server, had gone at that moment.
 */
import type { Database, Session, StatementResult } from '../../database/index.js';
import { placesIn, type ScriptPart, SEPARATOR } from '../measure/statement-places.js';
import { type OnStatement, wrappedDatabase } from '../measure/wrapped-database.js';

export interface InterruptingDatabase {
  /** To be given to the engine. */
  readonly database: Database;
  /** Whether the statement was reached. */
  hasInterrupted(): boolean;
}

/** A session may end itself only in its own role. */
const END: readonly string[] = [
  'reset session authorization',
  'reset role',
  'select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())',
];

/** @param after the number of the statement */
export function interruptingDatabase(
  database: Database,
  script: readonly ScriptPart[],
  after: number,
): InterruptingDatabase {
  let interrupted = false;
  let next = 1;
  const run = async (
    session: Session,
    sql: string,
    onStatement: OnStatement | undefined,
  ): Promise<StatementResult[]> => {
    const places = interrupted ? [] : placesIn(sql, script, next);
    next = (places.at(-1)?.part.number ?? next - 1) + 1;
    const place = places.find(({ part }) => part.number === after);
    if (!place) {
      return session.run(sql, onStatement);
    }
    interrupted = true;
    if (place.part.alone) {
      await session.run(sql, onStatement);
      return session.run(END.join(SEPARATOR));
    }
    return session.run([sql.slice(0, place.end), ...END].join(SEPARATOR), onStatement);
  };
  return { database: wrappedDatabase(database, run), hasInterrupted: () => interrupted };
}
