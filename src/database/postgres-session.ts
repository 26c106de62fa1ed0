import type { EventEmitter } from 'node:events';
import { type Duplex, Readable } from 'node:stream';
import pg from 'pg';
import { DATABASE_ERRORS } from './errors.js';
import { requestCancel } from './postgres-cancel.js';
import { type Chunks, CopySourceFailure, copyChunksIn, copyChunksOut } from './postgres-copy.js';
import type {
  Capabilities,
  IsolationLevel,
  Notice,
  QueryOptions,
  ServerInfo,
  Session,
  StatementResult,
} from './session.js';
import { statementError } from './sql-failure.js';

export interface PostgresSessionParts {
  readonly client: pg.Client;
  readonly server: ServerInfo;
  readonly capabilities: Capabilities;
  /** Makes another client of the same server, with the same credentials and the same TLS. */
  readonly secondClient: () => pg.Client;
}

/** Loaded by the first copy: most sessions make none. */
const loadCopyStreams = () => import('pg-copy-streams');

/** How long a session waits for the server's goodbye before it drops the connection. */
const CLOSE_TIMEOUT_MS = 2000;

/** A session over one `pg` client. Calls made at the same time wait for one another. */
export class PostgresSession implements Session {
  readonly capabilities: Capabilities;
  readonly server: ServerInfo;
  readonly #client: pg.Client;
  readonly #secondClient: () => pg.Client;
  #open = true;
  #last: Promise<unknown> = Promise.resolve();
  #isInTransaction = false;

  constructor(parts: PostgresSessionParts) {
    this.capabilities = parts.capabilities;
    this.server = parts.server;
    this.#client = parts.client;
    this.#secondClient = parts.secondClient;
    const markClosed = (): void => {
      this.#open = false;
    };
    this.#client.on('end', markClosed);
    this.#client.on('error', markClosed);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get isDirect(): boolean {
    // A proxy hands out cancellation keys of its own, so the process id it announced is not the server's.
    return (this.#client as unknown as { processID: number | null }).processID === this.server.processId;
  }

  query<Row extends object>(
    sql: string,
    values: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<Row[]> {
    return this.#inTurn(async () => {
      try {
        const result = await this.#client.query<Row>({
          text: sql,
          values: [...values],
          types: VALUE_TYPES,
          ...(options.name ? { name: options.name } : {}),
        });
        return result.rows;
      } catch (cause) {
        throw statementError(cause, sql);
      }
    });
  }

  run(
    sql: string,
    onStatement?: (index: number, value: string | undefined) => void,
  ): Promise<StatementResult[]> {
    return this.#inTurn(async () => {
      const stopCounting = onStatement && this.#countStatements(onStatement);
      try {
        // Several statements in one text give an array of results, which the driver's types leave out.
        const answer = (await this.#client.query({ text: sql, types: VALUE_TYPES })) as
          | pg.QueryResult
          | pg.QueryResult[];
        return (Array.isArray(answer) ? answer : [answer]).map((result) => ({
          command: result.command,
          rowCount: result.rowCount ?? undefined,
        }));
      } catch (cause) {
        throw statementError(cause, sql);
      } finally {
        stopCounting?.();
      }
    });
  }

  async transaction<T>(work: () => Promise<T>, isolation?: IsolationLevel): Promise<T> {
    if (this.#isInTransaction) {
      return work();
    }
    await this.run(isolation ? `begin isolation level ${isolation}` : 'begin');
    this.#isInTransaction = true;
    let result: T;
    try {
      result = await work();
    } catch (error) {
      if (this.#open) {
        // The first error is the one that matters; a failing rollback means the connection is gone.
        await this.run('rollback').catch(() => {});
      }
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
    const [end] = await this.run('commit');
    if (end?.command !== 'COMMIT') {
      throw notCommitted();
    }
    return result;
  }

  copyIn(sql: string, chunks: Chunks): Promise<number> {
    return this.#inTurn(async () => {
      const { from } = await loadCopyStreams();
      try {
        return await copyChunksIn(this.#client.query(from(sql)), chunks);
      } catch (cause) {
        throw cause instanceof CopySourceFailure ? cause.cause : statementError(cause, sql);
      }
    });
  }

  copyOut(sql: string): Readable {
    return Readable.from(this.#copiedChunks(sql), { objectMode: false });
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    const handler = (notice: { severity?: string; message?: string; code?: string }): void =>
      listener({
        severity: notice.severity ?? '',
        message: notice.message ?? '',
        sqlstate: notice.code ?? '',
      });
    this.#client.on('notice', handler);
    return () => this.#client.off('notice', handler);
  }

  async cancel(): Promise<void> {
    try {
      await requestCancel(this.#client, this.#secondClient());
    } catch (cause) {
      throw statementError(cause, '');
    }
  }

  async close(): Promise<void> {
    this.#open = false;
    await endWithin(this.#client, CLOSE_TIMEOUT_MS);
  }

  /** Holds the session's turn until the server has sent the last byte. */
  async *#copiedChunks(sql: string): AsyncGenerator<Uint8Array> {
    const { to } = await loadCopyStreams();
    const endTurn = await this.#takeTurn();
    try {
      yield* copyChunksOut(this.#client.query(to(sql)), () => this.cancel());
    } catch (cause) {
      throw statementError(cause, sql);
    } finally {
      endTurn();
    }
  }

  #countStatements(onStatement: (index: number, value: string | undefined) => void): () => void {
    const { connection } = this.#client as unknown as { connection: EventEmitter };
    let completed = 0;
    let value: string | undefined;
    const keep = ({ fields }: { readonly fields: readonly (string | null)[] }): void => {
      value = fields[0] ?? undefined;
    };
    const count = (): void => {
      onStatement(completed++, value);
      value = undefined;
    };
    connection.on('dataRow', keep).on('commandComplete', count);
    return () => connection.off('dataRow', keep).off('commandComplete', count);
  }

  async #takeTurn(): Promise<() => void> {
    let endTurn = (): void => {};
    const before = this.#last;
    this.#last = new Promise<void>((settle) => {
      endTurn = settle;
    });
    await before;
    return endTurn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** Says goodbye to the server; a server that does not answer is left after `timeoutMs`. */
async function endWithin(client: pg.Client, timeoutMs: number): Promise<void> {
  const { connection } = client as unknown as { connection: { stream: Duplex } };
  const timer = setTimeout(() => connection.stream.destroy(), timeoutMs);
  await client.end().catch(() => {});
  clearTimeout(timer);
}

function notCommitted(): Error {
  return DATABASE_ERRORS.STATEMENT_FAILED({
    message: 'Cannot commit: a statement of the transaction failed, and the server rolled it back',
    hint: 'Let the error of the failed statement end the transaction, or use a savepoint.',
  });
}

const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const TIMESTAMP_ARRAY = 1115;
const NAME_ARRAY = 1003;

const asText = (text: string): string => text;

/** Where the driver's own reading loses something: 64-bit numbers, and dates that have no time zone. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: BigInt,
  [DATE]: asText,
  [TIMESTAMP]: asText,
  [INT8_ARRAY]: arrayOf(BigInt),
  [DATE_ARRAY]: arrayOf(asText),
  [TIMESTAMP_ARRAY]: arrayOf(asText),
  [NAME_ARRAY]: arrayOf(asText),
};

/** What `pg.types.arrayParser` is; its declared type is that of another version. */
interface ArrayParser {
  create(text: string, element: (text: string) => unknown): { parse(): unknown[] };
}

function arrayOf(element: (text: string) => unknown): (text: string) => unknown {
  const parser = pg.types.arrayParser as unknown as ArrayParser;
  return (text) => parser.create(text, element).parse();
}

/** How values arrive: see `Session.query`. */
const VALUE_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    (format !== 'binary' && PARSERS[oid]) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};
