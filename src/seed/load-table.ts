/**
 * Loads the rows of one table that are not there yet, and touches no other. Which ones are there is asked by key,
 * for one range of ids at a time; what is missing goes in by COPY, which is the whole range on a first run and
 * nothing on a second. No staging table and no `on conflict`: a row that is missing by its key and still cannot
 * go in stands against somebody's own row, and that must be told, not skipped.
 */
import { failureOf, type Session, sqlstateOf } from '../database/index.js';
import { SEED_ERRORS } from './errors.js';
import { keyOf } from './seed-table.js';
import type { IdRange } from './timeline.js';

/** What loading needs to know of a table. */
export interface LoadableTable {
  /** With its schema, as SQL writes it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly keyColumns: 1 | 2;
}

/** The rows of the seed in one table. */
export interface LoadedRows {
  /** Rows that the seed has there, loaded now or before. */
  readonly rows: number;
  /** Rows that were missing and have been loaded. */
  readonly inserted: number;
}

/**
 * Loads what is missing of `lines`, all of whose keys are in `range`. To be called in a transaction.
 * @param lines gives the lines of COPY anew at each call, some at a time
 * @throws SEED_CONFLICT when a row that is not of the seed is in the way
 */
export async function loadTable(
  session: Session,
  table: LoadableTable,
  range: IdRange,
  lines: () => Iterable<readonly string[]>,
): Promise<LoadedRows> {
  const present = await presentKeys(session, table, range);
  if (present.size === 0) {
    const inserted = await copyLines(session, table, lines());
    return { rows: inserted, inserted };
  }
  let rows = 0;
  const missing: string[] = [];
  for (const group of lines()) {
    rows += group.length;
    for (const line of group) {
      if (!present.has(keyOf(table, line))) {
        missing.push(line);
      }
    }
  }
  const inserted = missing.length === 0 ? 0 : await copyLines(session, table, [missing]);
  return { rows, inserted };
}

/** The keys in the range, as they stand at the beginning of a line. */
async function presentKeys(session: Session, table: LoadableTable, range: IdRange): Promise<Set<string>> {
  const keys = table.columns.slice(0, table.keyColumns);
  const found = await session.query<{ key: string }>(
    `select concat_ws(E'\\t', ${keys.join(', ')}) as key from ${table.name} where ${keys[0]} >= $1 and ${keys[0]} < $2`,
    [range.from, range.to],
  );
  return new Set(found.map((row) => row.key));
}

async function copyLines(
  session: Session,
  table: LoadableTable,
  lines: Iterable<readonly string[]>,
): Promise<number> {
  try {
    return await session.copyIn(
      `copy ${table.name} (${table.columns.join(', ')}) from stdin`,
      copyChunks(lines),
    );
  } catch (cause) {
    throw isInTheWay(cause) ? conflict(table, cause) : cause;
  }
}

/** Characters to send at once: enough to make messages cheap, few enough to stay in the cache. */
const CHUNK_LENGTH = 64 * 1024;

function* copyChunks(lines: Iterable<readonly string[]>): Generator<Buffer> {
  let text = '';
  for (const group of lines) {
    for (const line of group) {
      text += line;
      if (text.length >= CHUNK_LENGTH) {
        yield Buffer.from(text);
        text = '';
      }
    }
  }
  if (text.length > 0) {
    yield Buffer.from(text);
  }
}

/** unique_violation and exclusion_violation. */
function isInTheWay(cause: unknown): boolean {
  return ['23505', '23P01'].includes(sqlstateOf(cause) ?? '');
}

function conflict(table: LoadableTable, cause: unknown): Error {
  const { constraint } = failureOf(cause instanceof Error && cause.cause);
  return SEED_ERRORS.CONFLICT({
    message: `Cannot seed ${table.name}: a row that is not of the seed stands in the way (${constraint} allows one of them)`,
    details: { table: table.name, constraint },
    cause,
  });
}
