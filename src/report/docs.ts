/** Generated documents and types as a person reads of them. */
import type { Style } from './style.js';
import { plural } from './units.js';

export interface DocsView {
  readonly folder: string;
  readonly documents: number;
  readonly stale: readonly {
    readonly path: string;
    readonly kind: 'missing' | 'changed' | 'extra';
    readonly diff?: readonly string[];
  }[];
}

/** The most lines of a page's difference that are shown. */
const MOST_LINES = 40;

/** What a build wrote and removed. */
export function docsBuiltText({ folder, documents, stale }: DocsView, style: Style): string {
  const words = { missing: style.good('new'), changed: style.good('written'), extra: style.warn('removed') };
  return [
    style.strong(folder),
    ...stale.map(({ path, kind }) => `  ${words[kind]}  ${path}`),
    `  ${plural(documents, 'document')}, ${stale.length === 0 ? 'all fresh' : `${stale.length} brought up to date`}`,
  ].join('\n');
}

/** What a check found, with the lines that differ. */
export function docsCheckedText({ folder, documents, stale }: DocsView, style: Style): string {
  const words = {
    missing: 'is missing',
    changed: 'is not what the database says',
    extra: 'describes a table that is gone',
  };
  const verdict =
    stale.length === 0
      ? style.good(`${plural(documents, 'document')}, all fresh`)
      : `${style.bad(`${stale.length} stale`)} of ${plural(documents, 'document')}; run plinth docs build and commit the result`;
  return [
    style.strong(folder),
    ...stale.flatMap(({ path, kind, diff = [] }) => [
      `  ${style.bad('✗')} ${path} ${words[kind]}`,
      ...diff.slice(0, MOST_LINES).map((line) => `      ${diffLine(line, style)}`),
      ...(diff.length > MOST_LINES
        ? [style.faint(`      … ${plural(diff.length - MOST_LINES, 'more line')}`)]
        : []),
    ]),
    `  ${verdict}`,
  ].join('\n');
}

function diffLine(line: string, style: Style): string {
  return line.startsWith('-') ? style.bad(line) : line.startsWith('+') ? style.good(line) : style.faint(line);
}

/** The diagram that was written. */
export function erdText(file: string, tables: number, style: Style): string {
  return `${style.good('wrote')} ${file}, ${plural(tables, 'table')}`;
}

/** Whether the file of types was fresh, and what was done about it. */
export function typesText(file: string, isStale: boolean, isCheck: boolean, style: Style): string {
  if (!isStale) {
    return `${file} ${style.good('is fresh')}`;
  }
  return isCheck
    ? `${file} ${style.bad('is not what the database says')}; run plinth types and commit the result`
    : `${style.good('wrote')} ${file}`;
}
