/**
 * A database whose sessions are watched from between: what the engine sends goes through `run`, which may add to a
 * message, look at its answers, or end the session. The engine itself knows nothing of it, so that what is proven is
 * the engine that runs in production.
 */
import type { ConnectOptions, Database, Session, StatementResult } from '../../database/index.js';

export type OnStatement = (index: number, value: string | undefined) => void;

/** Stands in for `Session.run`. */
export type RunThrough = (
  session: Session,
  sql: string,
  onStatement: OnStatement | undefined,
) => Promise<StatementResult[]>;

export function wrappedDatabase(database: Database, run: RunThrough): Database {
  return {
    capabilities: database.capabilities,
    url: database.url,
    displayUrl: database.displayUrl,
    connect: async (options?: ConnectOptions) => wrappedSession(await database.connect(options), run),
  };
}

function wrappedSession(session: Session, run: RunThrough): Session {
  return {
    capabilities: session.capabilities,
    server: session.server,
    get isOpen() {
      return session.isOpen;
    },
    get isDirect() {
      return session.isDirect;
    },
    query: (sql, values, options) => session.query(sql, values, options),
    run: (sql, onStatement) => run(session, sql, onStatement),
    transaction: (work, isolation) => session.transaction(work, isolation),
    copyIn: (sql, chunks) => session.copyIn(sql, chunks),
    copyOut: (sql) => session.copyOut(sql),
    onNotice: (listener) => session.onNotice(listener),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}
