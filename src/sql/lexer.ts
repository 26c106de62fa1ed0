/**
 * Tokens with exact ranges, from any text: half a file, syntax of a newer server, psql's own lines. PostgreSQL's
 * scanner stops at the first thing it does not know and counts in bytes; this one never stops and counts in
 * UTF-16 code units. Its rules are those of PostgreSQL's `scan.l` and psql's `psqlscan.l`, with
 * `standard_conforming_strings` on. What a statement means is asked of PostgreSQL's parser (`parse.ts`).
 *
 * Law: the tokens and the whitespace between them cover the text exactly.
 */
import { CLASS, classAt, isWhitespace, lineEnd, wordEnd } from './characters.js';
import { copyDataStart, dataBlockEnd } from './copy-data.js';
import { isComment, type Token, type TokenKind } from './token.js';

/** A token without its start: what a rule finds. */
interface Found {
  readonly kind: TokenKind;
  readonly end: number;
  readonly unterminated: boolean;
}

/** The last text and its tokens: a script is divided, digested and searched for directives in turn. */
let last: { readonly text: string; readonly tokens: readonly Token[] } = { text: '', tokens: [] };

/** All tokens of `text`, comments included. Never throws. */
export function lex(text: string): readonly Token[] {
  if (text !== last.text) {
    last = { text, tokens: tokensOf(text) };
  }
  return last.tokens;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let statementStart = 0;
  // A byte-order mark is no part of the text for psql, and elsewhere a letter.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const characterClass = classAt(text, at);
    if (isWhitespace(characterClass)) {
      at += 1;
      continue;
    }
    const { kind, end, unterminated } = tokenAt(text, at);
    tokens.push({ kind, start: at, end, unterminated });
    if (kind === 'meta-command') {
      statementStart = tokens.length;
    } else if (kind === 'punctuation' && text[at] === ';') {
      const data = copyDataStart(text, tokens, statementStart);
      if (data !== undefined) {
        const block = dataBlockEnd(text, data);
        tokens.push({ kind: 'copy-data', start: data, end: block.end, unterminated: !block.terminated });
      }
      statementStart = tokens.length;
    }
    at = tokens[tokens.length - 1]!.end;
  }
  return tokens;
}

/** The tokens of `text` that carry meaning: without comments. */
export function lexWithoutComments(text: string): readonly Token[] {
  return lex(text).filter((token) => !isComment(token));
}

function tokenAt(text: string, at: number): Found {
  switch (classAt(text, at)) {
    case CLASS.letter:
      return wordOrPrefixedString(text, at);
    case CLASS.digit:
      return whole('number', numberEnd(text, at));
    case CLASS.operator:
      return commentOrOperator(text, at);
    case CLASS.self:
      return whole('punctuation', at + 1);
    default:
      return otherToken(text, at);
  }
}

function whole(kind: TokenKind, end: number): Found {
  return { kind, end, unterminated: false };
}

/** Makes a token that ends where `end` says, or with the text where it found no end. */
function quoted(kind: TokenKind, text: string, end: number | undefined): Found {
  return { kind, end: end ?? text.length, unterminated: end === undefined };
}

function otherToken(text: string, at: number): Found {
  switch (text[at]) {
    case "'":
      return quoted('string', text, stringEnd(text, at, false));
    case '"':
      return quoted('quoted-word', text, quoteEnd(text, at, '"', false));
    case '$':
      return dollarToken(text, at);
    case '\\':
      return whole('meta-command', lineEnd(text, at));
    case '.':
      return classAt(text, at + 1) === CLASS.digit
        ? whole('number', numberEnd(text, at))
        : whole('punctuation', text[at + 1] === '.' ? at + 2 : at + 1);
    case ':':
      return whole('punctuation', text[at + 1] === ':' || text[at + 1] === '=' ? at + 2 : at + 1);
    default:
      return whole('unknown', at + 1);
  }
}

function wordOrPrefixedString(text: string, at: number): Found {
  const next = text[at + 1];
  if (next === "'" && /[EeBbXxNn]/.test(text[at]!)) {
    return quoted('string', text, stringEnd(text, at + 1, text[at] === 'e' || text[at] === 'E'));
  }
  if (next === '&' && (text[at] === 'u' || text[at] === 'U')) {
    if (text[at + 2] === "'") {
      return quoted('string', text, stringEnd(text, at + 2, false));
    }
    if (text[at + 2] === '"') {
      return quoted('quoted-word', text, quoteEnd(text, at + 2, '"', false));
    }
  }
  return whole('word', wordEnd(text, at));
}

/** The end of the string that opens at `at`, and of the strings on later lines that continue it. */
function stringEnd(text: string, at: number, escapes: boolean): number | undefined {
  let end = quoteEnd(text, at, "'", escapes);
  while (end !== undefined) {
    const next = continuationStart(text, end);
    if (next === undefined) {
      return end;
    }
    end = quoteEnd(text, next, "'", escapes);
  }
  return undefined;
}

/** The quoted pieces of a whole string token: one, or more where it is continued on later lines. */
export function stringParts(source: string): readonly string[] {
  const escapes = source[0] === 'e' || source[0] === 'E';
  const parts: string[] = [];
  let start: number | undefined = 0;
  let quote = source.indexOf("'");
  while (start !== undefined) {
    const end: number = quoteEnd(source, quote, "'", escapes)!;
    parts.push(source.slice(start, end));
    start = continuationStart(source, end);
    quote = start ?? 0;
  }
  return parts;
}

/** Where a quote stands that continues the string that ended at `end`: only newlines, spaces and `--` between. */
function continuationStart(text: string, end: number): number | undefined {
  let at = end;
  let newline = false;
  while (at < text.length) {
    const characterClass = classAt(text, at);
    if (characterClass === CLASS.newline) {
      newline = true;
      at += 1;
    } else if (characterClass === CLASS.space) {
      at += 1;
    } else if (text.startsWith('--', at)) {
      at = lineEnd(text, at);
    } else {
      return newline && text[at] === "'" ? at : undefined;
    }
  }
  return undefined;
}

/** The offset after the quote that closes the one at `at`; a doubled quote, or an escaped one, does not. */
function quoteEnd(text: string, at: number, quote: string, escapes: boolean): number | undefined {
  let next = quoteOrEscape(text, at + 1, quote, escapes);
  while (next < text.length) {
    if (text[next] === quote && text[next + 1] !== quote) {
      return next + 1;
    }
    next = quoteOrEscape(text, next + 2, quote, escapes);
  }
  return undefined;
}

function quoteOrEscape(text: string, from: number, quote: string, escapes: boolean): number {
  if (!escapes) {
    const close = text.indexOf(quote, from);
    return close === -1 ? text.length : close;
  }
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '\\') {
    at += 1;
  }
  return at;
}

function dollarToken(text: string, at: number): Found {
  if (classAt(text, at + 1) === CLASS.digit) {
    return whole('parameter', wordEnd(text, at + 1));
  }
  const tag = dollarTag(text, at);
  if (tag === undefined) {
    return whole('unknown', at + 1);
  }
  const close = text.indexOf(tag, at + tag.length);
  return quoted('dollar-string', text, close === -1 ? undefined : close + tag.length);
}

/** The opening delimiter at `at`, such as `$$` or `$body$`. */
export function dollarTag(text: string, at: number): string | undefined {
  let end = at + 1;
  while (classAt(text, end) === CLASS.letter || (end > at + 1 && classAt(text, end) === CLASS.digit)) {
    end += 1;
  }
  return text[end] === '$' ? text.slice(at, end + 1) : undefined;
}

const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:[0-9][0-9_]*)?(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?)/y;

function numberEnd(text: string, at: number): number {
  NUMBER.lastIndex = at;
  NUMBER.test(text);
  return wordEnd(text, Math.max(NUMBER.lastIndex, at + 1));
}

function commentOrOperator(text: string, at: number): Found {
  if (text.startsWith('--', at)) {
    return whole('line-comment', lineEnd(text, at));
  }
  if (text.startsWith('/*', at)) {
    return quoted('block-comment', text, blockCommentEnd(text, at));
  }
  return whole('operator', operatorEnd(text, at));
}

/** An operator ends before a comment, and in `+` or `-` only if it holds a character that standard SQL lacks. */
function operatorEnd(text: string, at: number): number {
  let end = at;
  while (
    classAt(text, end) === CLASS.operator &&
    !text.startsWith('--', end) &&
    !text.startsWith('/*', end)
  ) {
    end += 1;
  }
  if (!/[~!@#^&|`?%]/.test(text.slice(at, end))) {
    while (end > at + 1 && (text[end - 1] === '+' || text[end - 1] === '-')) {
      end -= 1;
    }
  }
  return end;
}

function blockCommentEnd(text: string, at: number): number | undefined {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at + 2;
  let depth = 1;
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) {
      return edge.lastIndex;
    }
  }
  return undefined;
}
