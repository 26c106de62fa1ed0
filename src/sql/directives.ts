/**
 * Instructions to Plinth in comments: a line `-- plinth: …` with nothing but spaces before it. What stands behind
 * the colon is a list of words and settings, so that both `-- plinth: keep users.email` and
 * `-- plinth: keep=off reason="copied by hand"` can be said. What they mean is the reader's business.
 */
import { lex } from './lexer.js';
import type { TextRange } from './split.js';

/** One `-- plinth:` line; offsets are UTF-16 code units, `end` is exclusive. */
export interface Directive extends TextRange {
  /** The line it stands on, counted from 1. */
  readonly line: number;
  /** The words without `=`, in their order: `keep`, `users.email`. */
  readonly words: readonly DirectiveWord[];
  /** The `key=value` pairs, in their order. */
  readonly settings: readonly DirectiveSetting[];
  /** The part that cannot be read: a quote that is not closed, a value without a key. */
  readonly malformed: TextRange | undefined;
}

export interface DirectiveWord extends TextRange {
  readonly text: string;
}

export interface DirectiveSetting extends TextRange {
  readonly key: string;
  /** The value without its quotes. */
  readonly value: string;
}

/** The directives of `text`, wherever they stand; those inside quotes and COPY data are none. */
export function readDirectives(text: string): readonly Directive[] {
  const directives: Directive[] = [];
  for (const { kind, start, end } of lex(text)) {
    const opening = kind === 'line-comment' ? OPENING.exec(text.slice(start, end)) : null;
    if (opening && startsLine(text, start)) {
      directives.push({
        start,
        end,
        line: text.slice(0, start).split('\n').length,
        ...readParts(text, start + opening[0].length, end),
      });
    }
  }
  return directives;
}

const OPENING = /^--[ \t]*plinth:/;

function startsLine(text: string, at: number): boolean {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trim() === '';
}

/** A key with its value, or a word; a value with spaces in it is quoted, a quote in it is doubled. */
const PART = /[ \t]*(?:([\w.-]+)=(?:"((?:[^"]|"")*)"(?![^ \t])|([^" \t]\S*))|([^"=\s]+(?![^ \t])))/y;

function readParts(
  text: string,
  start: number,
  end: number,
): Pick<Directive, 'words' | 'settings' | 'malformed'> {
  const line = text.slice(0, end).trimEnd();
  const words: DirectiveWord[] = [];
  const settings: DirectiveSetting[] = [];
  PART.lastIndex = start;
  let at = start;
  for (let part = PART.exec(line); part !== null; part = PART.exec(line)) {
    const [whole, key, quoted, bare, word] = part;
    const range = { start: PART.lastIndex - whole.trimStart().length, end: PART.lastIndex };
    if (key === undefined) {
      words.push({ ...range, text: word! });
    } else {
      settings.push({ ...range, key, value: quoted?.replaceAll('""', '"') ?? bare! });
    }
    at = PART.lastIndex;
  }
  return { words, settings, malformed: at < line.length ? { start: at, end: line.length } : undefined };
}
