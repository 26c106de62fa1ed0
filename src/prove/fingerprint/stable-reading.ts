/**
 * Reading data so that equal data gives equal text: one snapshot, fixed settings, and no row hidden by a policy (the
 * server refuses a role that policies bind, instead of showing it less).
 */
import type { Session } from '../../database/index.js';

const SETTINGS = `
  set local search_path = '';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local timezone = 'UTC';
  set local bytea_output = 'hex';
  set local extra_float_digits = 1;
  set local lc_monetary = 'C';
  set local xmlbinary = 'base64';
  set local row_security = off;
  set local jit = off;
`;

export interface ReadingOptions {
  /**
   * The caller has begun a transaction: its own view is read, uncommitted changes included, and its settings are as
   * before when the reading ends. Otherwise a read-only transaction is begun and ended here.
   */
  readonly insideTransaction?: boolean;
}

/** Runs `read` with the settings in force, and gives the caller's settings back. */
export async function withStableReading<T>(
  session: Session,
  options: ReadingOptions,
  read: () => Promise<T>,
): Promise<T> {
  if (!options.insideTransaction) {
    return await session.transaction(async () => {
      await session.run(`set transaction read only; ${SETTINGS}`);
      return await read();
    }, 'repeatable read');
  }
  await session.run(`savepoint plinth_read_data; ${SETTINGS}`);
  try {
    return await read();
  } finally {
    if (session.isOpen) {
      await session.run('rollback to savepoint plinth_read_data; release savepoint plinth_read_data');
    }
  }
}

/**
 * Runs queries in one round trip.
 * @param queries each gives one row with one text
 * @returns the text of each, `undefined` for null
 */
export async function readTexts(
  session: Session,
  queries: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  if (queries.length > 0) {
    await session.run(queries.join(';\n'), (index, value) => {
      texts[index] = value;
    });
  }
  return texts;
}
