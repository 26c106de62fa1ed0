/**
 * DuckDB inside this process: a reader of files and a second engine for rollups. It is no `Database`: it has no
 * server, no roles and nobody to share with, so its sessions are its own small shape. The package is loaded by the
 * first call that needs it.
 */
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { DATABASE_ERRORS } from '../errors.js';

export interface DuckDbOptions {
  /** A file to keep the data in; in memory unless given. */
  readonly path?: string;
  /** The most memory that queries take before they spill to `spillFolder`; DuckDB's own 80 % unless given. */
  readonly memoryLimitMb?: number;
  /** As many as there are cores unless given. */
  readonly threads?: number;
  readonly spillFolder?: string;
}

/** A connection of its own; one statement at a time. */
export interface DuckDb {
  /**
   * Runs one statement and returns its rows: whole numbers of 64 bits and more, and decimals without a fraction, as
   * `bigint`, other decimals as text, `timestamptz` as `Date`, lists as arrays, `uuid` as text.
   * @throws DATABASE_STATEMENT_FAILED, DATABASE_CANCELLED
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** Runs one or more statements. @throws as `query` */
  run(sql: string): Promise<void>;
  /** Interrupts the statement that runs. */
  interrupt(): void;
  /** Another connection to the same data. */
  connect(): Promise<DuckDb>;
  close(): void;
}

/**
 * Opens DuckDB with times in UTC.
 * @throws DATABASE_DUCKDB_UNAVAILABLE when the package does not load here; DATABASE_STATEMENT_FAILED
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const { DuckDBInstance, plainValue } = await loadPackage();
  const settings: Record<string, string> = {
    ...(options.memoryLimitMb === undefined ? {} : { memory_limit: `${options.memoryLimitMb}MB` }),
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.spillFolder === undefined ? {} : { temp_directory: options.spillFolder }),
  };
  const instance = await explained('', () => DuckDBInstance.create(options.path ?? ':memory:', settings));
  return connected({ instance, plainValue }, true);
}

async function loadPackage() {
  try {
    const [{ DuckDBInstance }, { plainValue }] = await Promise.all([
      import('@duckdb/node-api'),
      import('./plain-value.js'),
    ]);
    return { DuckDBInstance, plainValue };
  } catch (cause) {
    throw DATABASE_ERRORS.DUCKDB_UNAVAILABLE({
      message: `Cannot use DuckDB: its package does not load on ${process.platform}-${process.arch}`,
      cause,
    });
  }
}

interface Loaded {
  readonly instance: DuckDBInstance;
  readonly plainValue: (value: DuckDBValue) => unknown;
}

async function connected(loaded: Loaded, owns: boolean): Promise<DuckDb> {
  const { instance, plainValue } = loaded;
  const connection: DuckDBConnection = await instance.connect();
  await connection.run("set timezone = 'UTC'");
  return {
    query: (sql, values = []) =>
      explained(sql, async () => {
        const result = await connection.runAndReadAll(sql, values.map(parameter));
        const names = result.columnNames();
        return result
          .getRows()
          .map((row) =>
            Object.fromEntries(row.map((value, index) => [names[index], plainValue(value)])),
          ) as never;
      }),
    run: (sql) =>
      explained(sql, async () => {
        const statements = await connection.extractStatements(sql);
        for (let index = 0; index < statements.count; index += 1) {
          await (await statements.prepare(index)).run();
        }
      }),
    interrupt: () => connection.interrupt(),
    connect: () => connected(loaded, false),
    close: () => {
      connection.closeSync();
      if (owns) {
        instance.closeSync();
      }
    },
  };
}

function parameter(value: unknown): DuckDBValue {
  return value instanceof Date ? value.toISOString() : ((value ?? null) as DuckDBValue);
}

async function explained<T>(sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (/^INTERRUPT/.test(text)) {
      throw DATABASE_ERRORS.CANCELLED({
        message: 'Cannot finish a statement of DuckDB: it was interrupted',
        cause,
      });
    }
    throw DATABASE_ERRORS.STATEMENT_FAILED({
      message: `Cannot run a statement of DuckDB: ${text.split('\n')[0]}`,
      details: { engine: 'duckdb', message: text },
      ...(sql === '' ? {} : { cause }),
    });
  }
}
