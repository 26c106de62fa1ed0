/**
 * Reads a database's schema: one query a kind of object, in one snapshot, whatever the size. What PostgreSQL writes
 * out itself (definitions, types, expressions) depends on the session's settings, so these are set for the time of the
 * reading: with an empty search path, every name outside pg_catalog is qualified.
 */
import { isPlinthError, type OnProgress, type PlinthError, silent } from '../core/index.js';
import { type Session, sqlstateOf } from '../database/index.js';
import { foldPartitions, type SchemaModel } from '../schema/index.js';
import { CATALOG_ERRORS } from './errors.js';
import { type ReadModelOptions, readModel } from './postgres/read-model.js';

/** The schemas that Plinth keeps its own records in. */
const PLINTH_SCHEMAS: readonly string[] = ['plinth', 'plinth_kept'];

export interface ReadSchemaOptions {
  /** Only these schemas, and nothing that belongs to the database as a whole. Everything unless given. */
  readonly schemas?: readonly string[];
  /** Schemas to leave out; Plinth's own unless given. Has no meaning beside `schemas`. */
  readonly excludeSchemas?: readonly string[];
  /** Partitions are put into the table they belong to, without what it implies. Default false. */
  readonly foldPartitions?: boolean;
  /**
   * The caller has begun a transaction: its own view is read, uncommitted changes included, and its settings are as
   * before when the reading ends. Otherwise a read-only transaction is begun and ended here.
   */
  readonly insideTransaction?: boolean;
  readonly onProgress?: OnProgress;
  /** Gives up between two queries. */
  readonly signal?: AbortSignal;
}

/**
 * Reads the schema of the session's database. System schemas, temporary objects and what extensions brought are
 * left out.
 *
 * @example const model = await withSession(database, (session) => readSchema(session));
 * @throws CATALOG_CHANGING, DATABASE_STATEMENT_FAILED, DATABASE_CONNECTION_LOST
 */
export async function readSchema(session: Session, options: ReadSchemaOptions = {}): Promise<SchemaModel> {
  const read = () => readModel(session, modelOptions(options));
  const model = await untilUnchanged(() =>
    options.insideTransaction ? inSavepoint(session, read) : inSnapshot(session, read),
  );
  return options.foldPartitions ? foldPartitions(model) : model;
}

function modelOptions(options: ReadSchemaOptions): ReadModelOptions {
  const { schemas, excludeSchemas = PLINTH_SCHEMAS, onProgress = silent, signal } = options;
  return {
    includes: (name) => (schemas ? schemas.includes(name) : !excludeSchemas.includes(name)),
    isWholeDatabase: schemas === undefined,
    onProgress,
    signal,
  };
}

/** What PostgreSQL's texts depend on, and what would slow the queries down. */
const SETTINGS = `
  set local search_path = '';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local timezone = 'UTC';
  set local bytea_output = 'hex';
  set local extra_float_digits = 1;
  set local lc_monetary = 'C';
  set local xmlbinary = 'base64';
  set local quote_all_identifiers = off;
  set local jit = off;
  set local plan_cache_mode = force_generic_plan;
`;

/** A table dropped while its definition was being written: the next snapshot knows better. */
const ATTEMPTS = 10;

async function untilUnchanged(attempt: () => Promise<SchemaModel>): Promise<SchemaModel> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      const change = asConcurrentChange(error);
      if (change === undefined || attempts === ATTEMPTS) {
        throw change ?? error;
      }
    }
  }
}

async function inSnapshot(session: Session, read: () => Promise<SchemaModel>): Promise<SchemaModel> {
  return await session.transaction(async () => {
    await session.run(`set transaction read only; ${SETTINGS}`);
    return await read();
  }, 'repeatable read');
}

/** Going back to a savepoint is what gives the caller's settings back. */
async function inSavepoint(session: Session, read: () => Promise<SchemaModel>): Promise<SchemaModel> {
  await session.run(`savepoint plinth_read_schema; ${SETTINGS}`);
  try {
    return await read();
  } finally {
    if (session.isOpen) {
      await session.run('rollback to savepoint plinth_read_schema; release savepoint plinth_read_schema');
    }
  }
}

/** The error that tells of a change during the reading, if this is one: what `written` met, or the server itself. */
function asConcurrentChange(error: unknown): PlinthError | undefined {
  if (isPlinthError(error, CATALOG_ERRORS.CHANGING.code)) {
    return error;
  }
  const message = error instanceof Error ? error.message : '';
  return sqlstateOf(error) === INTERNAL_ERROR && /cache lookup failed|could not (find|open)/.test(message)
    ? CATALOG_ERRORS.CHANGING({
        message: `Cannot read the schema: it changed meanwhile (${message})`,
        cause: error,
      })
    : undefined;
}

/** The SQLSTATE of a lookup by oid that finds nothing. */
const INTERNAL_ERROR = 'XX000';
