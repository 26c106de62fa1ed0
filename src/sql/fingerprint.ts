/**
 * The meaning of a script as a digest: SHA-256 over the tokens of its statements. A comment, white space, a line
 * ending, the case of a keyword, a dollar quote's tag or a stray semicolon do not change it; a changed word,
 * number, name or constant does. Two texts of one meaning written in other words have different digests.
 *
 * Line endings count as one newline also inside quotes, because a checkout may convert those of a whole file.
 * The digests are kept in ledgers: the canonical form below is part of that format.
 */
import { sha256 } from '../core/index.js';
import { dollarTag, lex, stringParts } from './lexer.js';
import { statementTokens } from './split.js';
import { isComment, type Token } from './token.js';

/** The digest of all statements of `text` in their order: 64 hexadecimal digits. Needs no parser. */
export function meaningDigest(text: string): string {
  return sha256(statementDigests(text).join('\n'));
}

/** One digest per statement, in the order of `splitStatements`. */
export function statementDigests(text: string): readonly string[] {
  return canonicalStatements(text).map(sha256);
}

function canonicalStatements(text: string): readonly string[] {
  return statementTokens(text, lex(text)).map((tokens) => {
    const canonical: string[] = [];
    for (const token of tokens) {
      if (!isComment(token) || token.unterminated) {
        canonical.push(canonicalToken(text, token));
      }
    }
    return canonical.join('\n');
  });
}

function canonicalToken(text: string, token: Token): string {
  const source = text.slice(token.start, token.end);
  switch (token.kind) {
    case 'word':
      return foldCase(source);
    case 'number':
      return foldCase(source);
    case 'string':
      return unixLineEndings(token.unterminated ? source : canonicalString(source));
    case 'dollar-string':
      return token.unterminated ? unixLineEndings(source) : canonicalDollarString(unixLineEndings(source));
    case 'meta-command':
      return source.trimEnd();
    default:
      return unixLineEndings(source);
  }
}

/** PostgreSQL folds ASCII letters only. */
function foldCase(word: string): string {
  return /^[\0-\x7f]*$/.test(word)
    ? word.toLowerCase()
    : word.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

function unixLineEndings(source: string): string {
  return source.includes('\r') ? source.replaceAll('\r\n', '\n') : source;
}

/** A string that goes on in the next line equals the same string written in one piece. */
function canonicalString(source: string): string {
  const parts = source.includes('\n') || source.includes('\r') ? stringParts(source) : [source];
  return parts.length === 1 ? source : `${parts[0]!.slice(0, -1)}${parts.slice(1).map(inner).join('')}'`;
}

function inner(part: string): string {
  return part.slice(1, -1);
}

/** The tag may be any: the body's length says where it ends. */
function canonicalDollarString(source: string): string {
  const tag = dollarTag(source, 0)!;
  const body = source.slice(tag.length, -tag.length);
  return `$${body.length}$${body}`;
}
