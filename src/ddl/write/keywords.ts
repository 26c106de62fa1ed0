import { lex } from '../../sql/index.js';

/**
 * An expression or definition of the catalogue as a person would write it. PostgreSQL writes its keywords in capitals
 * and quotes every name that has one, so a bare word in capitals is a keyword: it goes into lower case.
 */
export function lowerKeywords(text: string): string {
  const source = withCastOnce(text);
  let result = '';
  let done = 0;
  for (const { kind, start, end } of lex(source)) {
    if (kind === 'word') {
      result += source.slice(done, start) + source.slice(start, end).toLowerCase();
      done = end;
    }
  }
  return result + source.slice(done);
}

/**
 * `name in ('a', 'b')` for a varchar column comes back from the catalogue as
 * `(ARRAY['a'::character varying, 'b'::character varying])::text[]`, and that text, read again, is another expression:
 * the cast goes to each element. With the array's own type named it stays the same.
 */
function withCastOnce(text: string): string {
  return text.replaceAll(
    '::character varying])::text[]',
    '::character varying]::character varying[])::text[]',
  );
}

/** The text with a line break before each of these words that stands outside of parentheses. */
export function clausePerLine(text: string, words: readonly string[]): string {
  const starts: number[] = [];
  let depth = 0;
  for (const { kind, start, end } of lex(text)) {
    const source = text.slice(start, end);
    depth += source === '(' ? 1 : source === ')' ? -1 : 0;
    if (kind === 'word' && depth === 0 && words.includes(source)) {
      starts.push(start);
    }
  }
  return starts.reduceRight(
    (rest, start) => `${rest.slice(0, start).trimEnd()}\n  ${rest.slice(start)}`,
    text,
  );
}

/** A list in parentheses with an element a line. */
export function linesInParentheses(lines: readonly string[]): string {
  return lines.length === 0 ? '()' : `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
}
