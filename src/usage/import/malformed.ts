import { nearest, type PlinthError } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';

/** A line of a file; one object for a whole file, its `line` counted up. */
export interface LinePlace {
  /** The file's name as messages show it. */
  readonly file: string;
  /** From 1. */
  line: number;
}

/** What is wrong on a line. */
export interface Fault {
  /** Offset in the line, in UTF-16 code units. */
  readonly offset: number;
  /** What is there, in words; free of personal data. */
  readonly found: string;
  readonly wanted: string;
  /** The column or field it is about. */
  readonly field?: string;
}

export function malformed(place: LinePlace, text: string, fault: Fault): PlinthError {
  const column = Array.from(text.slice(0, fault.offset)).length + 1;
  return USAGE_ERRORS.TRACE_MALFORMED({
    message: `Cannot import ${place.file}: line ${place.line}, column ${column} has ${fault.found} (${fault.wanted} was wanted)`,
    details: {
      file: place.file,
      line: place.line,
      column,
      ...(fault.field === undefined ? {} : { field: fault.field }),
    },
  });
}

export interface UnknownColumn {
  readonly name: string;
  /** Offset in the line, in UTF-16 code units. */
  readonly offset: number;
  /** The columns that the format has. */
  readonly known: readonly string[];
}

export function unknownColumn(place: LinePlace, text: string, unknown: UnknownColumn): PlinthError {
  const column = Array.from(text.slice(0, unknown.offset)).length + 1;
  const near = nearest(unknown.name, unknown.known);
  const wanted = near === undefined ? `one of ${unknown.known.join(', ')}` : `'${near}'`;
  return USAGE_ERRORS.COLUMN_UNKNOWN({
    message: `Cannot import ${place.file}: line ${place.line}, column ${column} names ${quoted(unknown.name)} (${wanted} was wanted)`,
    details: { file: place.file, line: place.line, column, field: unknown.name },
  });
}

const LONGEST_QUOTE = 40;

/** A value as a message shows it: cut to 40 characters, control characters and halves of characters made visible. */
export function quoted(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  return `'${shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]|\p{Cs}/gu, '·')}'`;
}
