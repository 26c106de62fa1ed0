/**
 * Divides SQL text into statements by psql's rule: a semicolon ends a statement unless it stands in parentheses
 * (`create rule … do also (…; …)`) or in the `begin atomic … end` body of an SQL function. Empty statements are
 * dropped. What stands between statements is white space, comments and semicolons, nothing else.
 */
import { lex } from './lexer.js';
import { isComment, type Token } from './token.js';

/** A statement where it stands; offsets are UTF-16 code units, `end` is exclusive. */
export interface StatementText {
  /** `meta-command`: a line for psql, such as `\connect`, that no server can run. */
  readonly kind: 'sql' | 'meta-command';
  /** Where its first word begins: comments before it are not part of it. */
  readonly start: number;
  /** Where its last token ends: its semicolon is not part of it. */
  readonly end: number;
  readonly text: string;
  /** The line of `start`, counted from 1. */
  readonly line: number;
  /** The lines of a `copy … from stdin`, without the line `\.` that ends them. */
  readonly copyData: TextRange | undefined;
  /** The quote, comment or COPY block in it that is never closed. */
  readonly unterminated: Token | undefined;
}

/** A range of characters in a text that is known from elsewhere; UTF-16 code units, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The statements of `text` in their order. Never throws. */
export function splitStatements(text: string): readonly StatementText[] {
  let countedTo = 0;
  let line = 1;
  return statementTokens(text, lex(text)).map((tokens) => {
    const statement = describe(text, tokens);
    line += lineBreaks(text, countedTo, statement.start);
    countedTo = statement.start;
    return { ...statement, line };
  });
}

function lineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}

/** The tokens of each statement: comments inside it are included, its semicolon is not; COPY data comes last. */
export function statementTokens(text: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let nesting = new Nesting(text);
  const finish = (): void => {
    if (current.length > 0) {
      statements.push(withoutTrailingComments(current));
    }
    current = [];
    nesting = new Nesting(text);
  };
  for (const token of tokens) {
    if (token.kind === 'copy-data') {
      // It follows its statement's semicolon, also where an open parenthesis hides that.
      finish();
      statements[statements.length - 1]!.push(token);
    } else if (token.kind === 'meta-command') {
      finish();
      statements.push([token]);
    } else if (nesting.endsStatement(token)) {
      finish();
    } else if (current.length > 0 || !isComment(token) || token.unterminated) {
      current.push(token);
    }
  }
  finish();
  return statements;
}

/** How deep a token stands in parentheses and in the body of an SQL function. */
class Nesting {
  readonly #text: string;
  #parentheses = 0;
  #blocks = 0;
  #previous = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes the next token into account; true when it is the semicolon that ends the statement. */
  endsStatement(token: Token): boolean {
    if (isComment(token)) {
      return false;
    }
    const isPlain = token.kind === 'word' || token.kind === 'punctuation';
    const word = isPlain ? this.#text.slice(token.start, token.end).toLowerCase() : '';
    if (word === ';') {
      return this.#parentheses === 0 && this.#blocks === 0;
    }
    if (word === '(') {
      this.#parentheses += 1;
    } else if (word === ')') {
      this.#parentheses = Math.max(0, this.#parentheses - 1);
    } else if (this.#parentheses === 0) {
      this.#countBlocks(word);
    }
    this.#previous = word;
    return false;
  }

  #countBlocks(word: string): void {
    if (word === 'atomic' && this.#previous === 'begin') {
      this.#blocks += 1;
    } else if (this.#blocks > 0 && this.#previous !== '.' && this.#previous !== 'as') {
      // After a dot or `as` these words are names.
      this.#blocks += word === 'case' ? 1 : word === 'end' ? -1 : 0;
    }
  }
}

function withoutTrailingComments(tokens: readonly Token[]): Token[] {
  let length = tokens.length;
  while (length > 1 && isComment(tokens[length - 1]!) && !tokens[length - 1]!.unterminated) {
    length -= 1;
  }
  return tokens.slice(0, length);
}

function describe(text: string, tokens: readonly Token[]): Omit<StatementText, 'line'> {
  const data = tokens.find((token) => token.kind === 'copy-data');
  const last = tokens.findLast((token) => token !== data)!;
  const start = tokens[0]!.start;
  return {
    kind: last.kind === 'meta-command' ? 'meta-command' : 'sql',
    start,
    end: last.end,
    text: text.slice(start, last.end),
    copyData: data === undefined ? undefined : dataRange(data),
    unterminated: tokens.find((token) => token.unterminated),
  };
}

function dataRange(data: Token): TextRange {
  return { start: data.start, end: data.unterminated ? data.end : data.end - '\\.'.length };
}
