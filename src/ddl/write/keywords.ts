import { lex } from '../../sql/index.js';

/**
 * PostgreSQL writes its keywords in capitals and quotes every name that has one, so a bare word in capitals is a
 * keyword: the text with those in lower case, all else untouched.
 */
export function lowerKeywords(text: string): string {
  let result = '';
  let done = 0;
  for (const { kind, start, end } of lex(text)) {
    if (kind === 'word') {
      result += text.slice(done, start) + text.slice(start, end).toLowerCase();
      done = end;
    }
  }
  return result + text.slice(done);
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
