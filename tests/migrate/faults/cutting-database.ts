/**
 * A database whose sessions are cut at one call: call number `call`, counted over the main sessions of a run in the
 * order in which they are made, either before it is sent (`before`) or when the server has done it and the answer
 * is not yet seen (`after`). A transaction counts as its `begin`, what is in it, and its `commit`.
 */
import type { Readable } from 'node:stream';
import type {
  Database,
  Notice,
  QueryOptions,
  Session,
  StatementResult,
} from '../../../src/database/index.js';

export interface Cut {
  readonly call: number;
  readonly phase: 'before' | 'after';
  /**
   * Does the damage to the session. `before`: the call is made all the same, and meets what the cut has left;
   * `after`: its answer is withheld.
   */
  readonly strike: (session: Session) => Promise<void> | void;
  /** The client itself is gone: no call of it returns any more. */
  readonly endsClient: boolean;
}

export interface CuttingDatabase {
  readonly database: Database;
  /** The SQL of every call made. */
  readonly sent: readonly string[];
  /** Settles when a cut has ended the client. */
  readonly ended: Promise<void>;
}

/** Sessions opened for watching are left alone: losing one must never matter. */
const WATCHER = 'plinth watch';

export function cuttingDatabase(database: Database, cut: Cut | undefined): CuttingDatabase {
  const sent: string[] = [];
  let isGone = false;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const strike = async (session: Session): Promise<void> => {
    isGone = cut?.endsClient === true;
    await cut?.strike(session);
    if (isGone) {
      end();
      await never();
    }
  };
  const around = async <T>(session: Session, sql: string, call: () => Promise<T>): Promise<T> => {
    sent.push(sql);
    const isHit = cut?.call === sent.length;
    if (isHit && cut.phase === 'before') {
      await strike(session);
    }
    const answer = call();
    if (isHit && cut.phase === 'after') {
      await answer.catch(() => {});
      await strike(session);
      // The session is lost: what it says now is what the call would have been told.
      await session.query('select 1');
    }
    return answer;
  };
  return {
    sent,
    ended,
    database: {
      ...database,
      connect: async (options) => {
        if (isGone) {
          await never();
        }
        const session = await database.connect(options);
        return options?.applicationName === WATCHER ? session : new CuttingSession(session, around);
      },
    },
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}

type Around = <T>(session: Session, sql: string, call: () => Promise<T>) => Promise<T>;

class CuttingSession implements Session {
  readonly #session: Session;
  readonly #around: Around;

  constructor(session: Session, around: Around) {
    this.#session = session;
    this.#around = around;
  }

  get capabilities(): Session['capabilities'] {
    return this.#session.capabilities;
  }

  get server(): Session['server'] {
    return this.#session.server;
  }

  get isOpen(): boolean {
    return this.#session.isOpen;
  }

  get isDirect(): boolean {
    return this.#session.isDirect;
  }

  query<Row extends object>(
    sql: string,
    values?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<Row[]> {
    return this.#around(this.#session, sql, () => this.#session.query<Row>(sql, values, options));
  }

  run(
    sql: string,
    onStatement?: (index: number, value: string | undefined) => void,
  ): Promise<StatementResult[]> {
    return this.#around(this.#session, sql, () => this.#session.run(sql, onStatement));
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('begin');
    try {
      const result = await work();
      await this.run('commit');
      return result;
    } catch (error) {
      await this.run('rollback').catch(() => {});
      throw error;
    }
  }

  copyIn(sql: string, chunks: Iterable<string | Uint8Array>): Promise<number> {
    return this.#around(this.#session, sql, () => this.#session.copyIn(sql, chunks));
  }

  copyOut(sql: string): Readable {
    return this.#session.copyOut(sql);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#session.onNotice(listener);
  }

  cancel(): Promise<void> {
    return this.#session.cancel();
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
