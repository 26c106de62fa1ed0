/** The committed documents: what differs from the ones that the database gives now, and how they are brought up to it. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { lineDiff, readText, writeFileAtomic } from '../../core/index.js';
import { GENERATED_MARK } from '../dictionary/dictionary-page.js';
import { SITE_MARK } from '../site/shell.js';

/** The documents by their paths from the folder, with forward slashes; some may lie outside of it. */
export type Documents = ReadonlyMap<string, string | Uint8Array>;

/** A file of the folder that is not what the database gives. */
export interface StaleDocument {
  /** From the folder, with forward slashes. */
  readonly path: string;
  /** `extra`: its table is gone. */
  readonly kind: 'missing' | 'changed' | 'extra';
  /** For a changed Markdown page: removed lines with `-`, added ones with `+`, one around them. */
  readonly diff?: readonly string[];
}

/** The document of that path as it is in the folder, where it is there. @throws FILE_NOT_READ */
export function presentDocument(folder: string, path: string): Uint8Array | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** What of the folder is stale; nothing where it is fresh. @throws FILE_NOT_READ */
export function staleDocuments(folder: string, documents: Documents): StaleDocument[] {
  const differing = [...documents].flatMap(([path, content]): StaleDocument[] => {
    const file = join(folder, path);
    if (!existsSync(file)) {
      return [{ path, kind: 'missing' }];
    }
    if (typeof content !== 'string') {
      return readFileSync(file).equals(content) ? [] : [{ path, kind: 'changed' }];
    }
    const before = readText(file).replaceAll('\r\n', '\n');
    return before === content ? [] : [changed(path, before, content)];
  });
  return [...differing, ...extraPages(folder, documents).map((path) => ({ path, kind: 'extra' as const }))];
}

function changed(path: string, before: string, after: string): StaleDocument {
  return path.endsWith('.md')
    ? { path, kind: 'changed', diff: lineDiff(before, after) }
    : { path, kind: 'changed' };
}

/**
 * Pages beside the documents that were generated for tables that are gone; what somebody has written there by hand is
 * none of them.
 */
function extraPages(folder: string, documents: Documents): string[] {
  const folders = new Set([...documents.keys()].map((path) => posix.dirname(path)));
  return [...folders].flatMap((place) => {
    const absolute = join(folder, place);
    return (existsSync(absolute) ? readdirSync(absolute) : [])
      .sort()
      .map((name) => posix.join(place, name))
      .filter((path) => !documents.has(path) && isGenerated(join(folder, path)));
  });
}

/** A page says so of itself in its first lines. */
function isGenerated(file: string): boolean {
  const mark = file.endsWith('.md') ? GENERATED_MARK : file.endsWith('.html') ? SITE_MARK : undefined;
  return mark !== undefined && readFileSync(file, 'utf8').slice(0, MARK_WITHIN).includes(mark);
}

const MARK_WITHIN = 400;

/**
 * Brings the folder up to the documents: each file is written whole or not at all, fresh ones are left alone, pages of
 * tables that are gone are removed. Returns what was stale.
 * @throws FILE_NOT_READ, FILE_NOT_WRITTEN
 */
export function writeDocuments(folder: string, documents: Documents): StaleDocument[] {
  const stale = staleDocuments(folder, documents);
  for (const { path, kind } of stale) {
    if (kind === 'extra') {
      rmSync(join(folder, path));
    } else {
      writeFileAtomic(join(folder, path), documents.get(path)!);
    }
  }
  return stale;
}
