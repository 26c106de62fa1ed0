import { type EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { ConnectionSettings } from './connection-url.js';
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

/** A session over one `pg` client. Calls made at the same time wait for one another. */
export class PostgresSession implements Session {
  readonly capabilities: Capabilities;
  readonly server: ServerInfo;
  readonly #client: pg.Client;
  readonly #settings: ConnectionSettings;
  #open = true;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    client: pg.Client,
    server: ServerInfo,
    settings: ConnectionSettings,
    capabilities: Capabilities,
  ) {
    this.#client = client;
    this.#settings = settings;
    this.server = server;
    this.capabilities = capabilities;
    client.on('end', () => {
      this.#open = false;
    });
    client.on('error', () => {
      this.#open = false;
    });
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

  run(sql: string, onStatement?: (index: number) => void): Promise<StatementResult[]> {
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
    await this.run(isolation ? `begin isolation level ${isolation}` : 'begin');
    let result: T;
    try {
      result = await work();
    } catch (error) {
      if (this.#open) {
        // The first error is the one that matters; a failing rollback means the connection is gone.
        await this.run('rollback').catch(() => {});
      }
      throw error;
    }
    await this.run('commit');
    return result;
  }

  copyIn(
    sql: string,
    chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  ): Promise<number> {
    return this.#inTurn(async () => {
      const sink = this.#client.query(copyFrom(sql));
      try {
        await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 4 }), sink);
        return sink.rowCount;
      } catch (cause) {
        throw cause instanceof pg.DatabaseError || !this.#open ? statementError(cause, sql) : cause;
      }
    });
  }

  copyOut(sql: string): Readable {
    const source = this.#client.query(copyTo(sql));
    this.#last = this.#last.then(() => once(source, 'close')).catch(() => {});
    return source;
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
    const helper = new pg.Client({
      host: this.#settings.host,
      port: this.#settings.port,
      user: this.#settings.user,
      database: this.#settings.database,
      ...(this.#settings.password === undefined ? {} : { password: this.#settings.password }),
      ssl: false,
    });
    helper.on('error', () => {});
    try {
      await helper.connect();
      await helper.query('select pg_cancel_backend($1)', [this.server.processId]);
    } finally {
      await helper.end().catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#open = false;
    await this.#client.end().catch(() => {});
  }

  #countStatements(onStatement: (index: number) => void): () => void {
    const { connection } = this.#client as unknown as { connection: EventEmitter };
    let completed = 0;
    const count = (): void => onStatement(completed++);
    connection.on('commandComplete', count);
    return () => connection.off('commandComplete', count);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const OID = { int8: 20, date: 1082, timestamp: 1114 } as const;

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID.int8]: BigInt,
  [OID.date]: (text) => text,
  [OID.timestamp]: (text) => text,
};

/** How values arrive: see `Session.query`. */
const VALUE_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    (format !== 'binary' && PARSERS[oid]) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};
