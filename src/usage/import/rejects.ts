/** Rows of an import that are no valid events: kept as they came, with the reason, up to a number. */
import { isPlinthError } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';

/** What becomes of a row that is no valid event: it is set aside with the reason, or the whole import is refused. */
export const BAD_ROWS = ['quarantine', 'refuse'] as const;

export type BadRows = (typeof BAD_ROWS)[number];

export interface Reject {
  /** From 1. */
  readonly line: number;
  /** The character of the line at which the fault is, from 1. */
  readonly column: number;
  readonly field: string | undefined;
  /** What is there and what was wanted; free of personal data. */
  readonly reason: string;
  /** The line as it is in the file. */
  readonly content: string;
}

/** Most rows that one import sets aside: a file with more is of another kind than it was taken for. */
const MOST_REJECTS = 10_000;

/** The codes of what can be wrong with one row. */
const OF_A_ROW: readonly string[] = ['USAGE_TRACE_MALFORMED', 'USAGE_COLUMN_UNKNOWN'];

export class Rejects {
  readonly rows: Reject[] = [];
  readonly #file: string;
  readonly #badRows: BadRows;

  constructor(file: string, badRows: BadRows) {
    this.#file = file;
    this.#badRows = badRows;
  }

  /**
   * Sets a row aside.
   * @throws `error` itself where it is no fault of the row, or rows are not to be set aside;
   * USAGE_REJECTS_TOO_MANY beyond 10,000
   */
  add(line: number, content: string, error: unknown): void {
    if (this.#badRows === 'refuse' || !isPlinthError(error) || !OF_A_ROW.includes(error.code)) {
      throw error;
    }
    if (this.rows.length === MOST_REJECTS) {
      throw USAGE_ERRORS.REJECTS_TOO_MANY({
        message: `Cannot import ${this.#file}: ${MOST_REJECTS} rows before line ${line} are no valid events (events with a few bad rows were wanted); the last fault: ${reasonOf(error.message)}`,
        details: { file: this.#file, line },
        cause: error,
      });
    }
    const { column, field } = error.details as { readonly column?: number; readonly field?: string };
    this.rows.push({
      line,
      column: column ?? 1,
      field: field === undefined ? undefined : storable(field),
      reason: reasonOf(error.message),
      content: storable(content),
    });
  }
}

/** The message without the file and the place, which are told apart. */
function reasonOf(message: string): string {
  return storable(message.replace(/^Cannot import .*?: line \d+, column \d+ (has )?/s, '').slice(0, 1000));
}

/** What PostgreSQL cannot hold, replaced: NUL, and halves of characters. */
function storable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
  return text.replace(/\u0000|\p{Cs}/gu, '\ufffd');
}
