/**
 * The seam between Plinth and a database. Features speak to a `Session` and ask its `capabilities` what it
 * can do; they never ask which engine it is. An engine is one file that makes `Database`s from URLs.
 */
import type { Readable } from 'node:stream';

/** What an engine can do. Features branch on these, never on the engine's name. */
export interface Capabilities {
  /** DDL takes part in transactions and is rolled back with them. */
  readonly transactionalDdl: boolean;
  /** Session-level advisory locks exist. */
  readonly advisoryLocks: boolean;
  /** Rows can be streamed in and out with COPY. */
  readonly copy: boolean;
}

export interface ServerInfo {
  /** PostgreSQL's `server_version_num`, e.g. 180004. */
  readonly versionNumber: number;
  /** The version as the server writes it, e.g. `18.4`. */
  readonly version: string;
  readonly database: string;
  readonly user: string;
  /** The backend's process id. */
  readonly processId: number;
}

/** What one executed statement answered. */
export interface StatementResult {
  /** The command tag's verb, e.g. `CREATE TABLE`, `UPDATE`. */
  readonly command: string;
  /** Rows returned or changed; `undefined` where the command counts none. */
  readonly rowCount: number | undefined;
}

export interface Notice {
  readonly severity: string;
  readonly message: string;
  readonly sqlstate: string;
}

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable';

export interface QueryOptions {
  /** Prepare the statement under this name once per session, and reuse it. */
  readonly name?: string;
}

/** One connection. Not for concurrent use: calls queue one behind the other. */
export interface Session {
  readonly capabilities: Capabilities;
  readonly server: ServerInfo;
  /** False once the connection has ended, whoever ended it. */
  readonly isOpen: boolean;
  /**
   * True when no pooling proxy stands in between: the server process answers to this connection alone and
   * ends with it. A proxy that pools transactions may use another process for each.
   */
  readonly isDirect: boolean;
  /**
   * Runs one statement with parameters and returns its rows. `bigint` columns arrive as JavaScript `bigint`,
   * `numeric` as string, `timestamptz` as `Date`, `date` and `timestamp` as text, `bytea` as `Buffer`, `json`
   * parsed; arrays of these as arrays.
   * @throws DATABASE_STATEMENT_FAILED with `details.sqlstate`; DATABASE_CONNECTION_LOST
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<Row[]>;
  /**
   * Runs SQL text as it is, one or more statements separated by semicolons, and returns one result each.
   * Outside a transaction several statements are one implicit transaction.
   * @param onStatement called with 0, 1, 2 … as the answer of each statement is read, and the first value, as text, of
   * the last row in it. A server may hold answers back until the last: the moments of the calls measure nothing
   * @throws as `query`; `details.position` is the offset in `sql`, in UTF-16 code units
   */
  run(
    sql: string,
    onStatement?: (index: number, value: string | undefined) => void,
  ): Promise<StatementResult[]>;
  /**
   * Runs `work` in a transaction: committed when it returns, rolled back when it throws. Within the `work` of another
   * one, it is part of that, with its isolation.
   * @throws what `work` throws; DATABASE_STATEMENT_FAILED when a statement failed and `work` returned all the same
   */
  transaction<T>(work: () => Promise<T>, isolation?: IsolationLevel): Promise<T>;
  /**
   * Streams `chunks` into a `copy … from stdin` statement; returns the rows copied. An error of `chunks` rolls the
   * copy back and is thrown as it is.
   */
  copyIn(
    sql: string,
    chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  ): Promise<number>;
  /**
   * The bytes of a `copy … to stdout` statement, which runs when they are first asked for. Other calls wait until
   * the stream has ended or is destroyed.
   */
  copyOut(sql: string): Readable;
  /** Calls `listener` for every notice and warning; returns what removes it. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Asks the server to cancel the statement that runs now, over a second connection with the same TLS. */
  cancel(): Promise<void>;
  /** Ends the connection, also under a statement that runs; a server that does not answer is left after 2 s. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Shown in `pg_stat_activity`; `plinth` unless told. */
  readonly applicationName?: string;
  /** How long to go on trying to connect, in milliseconds; what the connection string says unless told. */
  readonly timeoutMs?: number;
}

/** A database that sessions can be opened on. */
export interface Database {
  readonly capabilities: Capabilities;
  /** The connection string, secrets included: for handing on, never for printing. */
  readonly url: string;
  /** The connection string without secrets. */
  readonly displayUrl: string;
  /** @throws DATABASE_UNREACHABLE, DATABASE_CREDENTIALS_REFUSED, DATABASE_NOT_FOUND, DATABASE_TOO_OLD, DATABASE_TLS_FAILED */
  connect(options?: ConnectOptions): Promise<Session>;
}

/** Opens a session for the time of `work` and closes it, however `work` ends. */
export async function withSession<T>(
  database: Database,
  work: (session: Session) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  const session = await database.connect(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
