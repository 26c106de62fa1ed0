import {
  type LineColumn,
  lineAround,
  lineColumnAt,
  type PlinthError,
  type SourceRange,
} from '../core/index.js';
import type { Style } from './style.js';

/** Where a source range is, in the terms of an editor. */
export interface Place extends LineColumn {
  readonly file: string;
}

function placeOf(source: SourceRange): Place {
  return { file: source.file, ...lineColumnAt(source.text, source.start) };
}

/** An error as a person reads it: code, message, the place with a caret under it, and what to do. */
export function errorText(error: PlinthError, style: Style): string {
  return [
    `${style.bad(`error[${error.code}]`)}: ${error.message}`,
    ...(error.source ? [sourceExcerpt(error.source, style)] : []),
    `${style.accent('hint')}: ${error.hint}`,
  ].join('\n');
}

/** The same as data, for `--format json`. */
export function errorJson(error: PlinthError): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      hint: error.hint,
      ...(error.source ? { place: placeOf(error.source) } : {}),
      details: error.details,
    },
  };
}

/** The line that a range starts on, its number, and a caret under each character of the range. */
export function sourceExcerpt(source: SourceRange, style: Style): string {
  const { line, column } = lineColumnAt(source.text, source.start);
  const { start: lineStart, line: lineText } = lineAround(source.text, source.start);
  const gutter = ' '.repeat(String(line).length);
  const from = source.start - lineStart;
  const length = Math.max(1, Math.min(source.end - source.start, lineText.length - from));
  const shown = windowAround(lineText, from, length);
  const indent = shown.text.slice(0, shown.from).replace(/[^\t]/g, ' ');
  return [
    `${gutter}${style.accent('-->')} ${source.file}:${line}:${column}`,
    `${gutter} ${style.accent('|')}`,
    `${style.accent(String(line))} ${style.accent('|')} ${shown.text}`,
    `${gutter} ${style.accent('|')} ${indent}${style.bad('^'.repeat(shown.length))}`,
  ].join('\n');
}

const WIDEST = 120;

/** Cuts a very long line down to what surrounds the range. */
function windowAround(
  line: string,
  from: number,
  length: number,
): { text: string; from: number; length: number } {
  if (line.length <= WIDEST) {
    return { text: line, from, length };
  }
  const start = Math.max(0, Math.min(from - 40, line.length - WIDEST));
  const text = `${start > 0 ? '…' : ''}${line.slice(start, start + WIDEST)}${start + WIDEST < line.length ? '…' : ''}`;
  const shownFrom = from - start + (start > 0 ? 1 : 0);
  return { text, from: shownFrom, length: Math.max(1, Math.min(length, text.length - shownFrom)) };
}
