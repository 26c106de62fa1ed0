/**
 * PostgreSQL's own parser, compiled to WebAssembly. It knows the grammar of one version; a statement that it
 * does not know may be right all the same for another server, so that is an outcome and not an error.
 */
import type { Node } from 'libpg-query';
import { codePointOffset } from '../core/index.js';
import { SQL_ERRORS } from './errors.js';
import { isNestedTooDeeply } from './nesting-depth.js';

type PgQuery = typeof import('libpg-query');

/** What became of parsing one statement. */
export type ParseOutcome =
  | {
      readonly kind: 'parsed';
      /** The statement's node. Its `location`s count UTF-8 bytes of the parsed text: see `offsetOfByte`. */
      readonly node: Node;
    }
  | {
      readonly kind: 'unparsed';
      readonly message: string;
      /** Where the parser gave up, in UTF-16 code units of the parsed text. */
      readonly position: number;
    };

let loading: Promise<void> | undefined;
let library: PgQuery | undefined;

/** Loads the parser, once; takes about 15 ms. `parseStatement` and what builds on it need it. */
export function loadParser(): Promise<void> {
  loading ??= import('libpg-query').then(async (module) => {
    await module.loadModule();
    library = module;
  });
  return loading;
}

/**
 * Parses one statement, without or with its semicolon.
 * @throws SQL_PARSER_NOT_LOADED when `loadParser` has not finished
 */
export function parseStatement(text: string): ParseOutcome {
  if (library === undefined) {
    throw SQL_ERRORS.PARSER_NOT_LOADED({ message: 'Cannot parse SQL: the parser is not loaded' });
  }
  const refusal = refused(text);
  if (refusal !== undefined) {
    return refusal;
  }
  try {
    return onlyStatement(library.parseSync(text).stmts ?? []);
  } catch (error) {
    return unparsed(text, error);
  }
}

/** What must not be handed to the parser: it would misread the text, or break. */
function refused(text: string): ParseOutcome | undefined {
  const zero = text.indexOf('\0');
  if (zero !== -1) {
    return { kind: 'unparsed', message: 'a zero character cannot be part of SQL', position: zero };
  }
  if (text === '') {
    return { kind: 'unparsed', message: 'there is no statement', position: 0 };
  }
  return isNestedTooDeeply(text)
    ? { kind: 'unparsed', message: 'the statement is nested too deeply', position: 0 }
    : undefined;
}

function onlyStatement(statements: readonly { readonly stmt?: Node }[]): ParseOutcome {
  const node = statements[0]?.stmt;
  if (node === undefined) {
    return { kind: 'unparsed', message: 'there is no statement', position: 0 };
  }
  if (statements.length > 1) {
    return { kind: 'unparsed', message: 'there is more than one statement', position: 0 };
  }
  return { kind: 'parsed', node };
}

/** The parser reports code points. What is no SQL error is its stack, in spite of the estimate. */
function unparsed(text: string, error: unknown): ParseOutcome {
  const { message, sqlDetails } = error as Error & { readonly sqlDetails?: { cursorPosition: number } };
  if (sqlDetails === undefined) {
    return { kind: 'unparsed', message: 'the statement is nested too deeply', position: 0 };
  }
  return { kind: 'unparsed', message, position: codePointOffset(text, sqlDetails.cursorPosition) };
}

/** The offset in `text`, in UTF-16 code units, of a parse tree's `location`, which counts UTF-8 bytes. */
export function offsetOfByte(text: string, location: number): number {
  let offset = 0;
  for (let bytes = 0; bytes < location && offset < text.length; ) {
    const codePoint = text.codePointAt(offset)!;
    bytes += utf8Length(codePoint);
    offset += codePoint > 0xffff ? 2 : 1;
  }
  return offset;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  return codePoint < 0x10000 ? 3 : 4;
}
