/** The committed documents: what differs from the ones that the database gives now, and how they are brought up to it. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lineDiff, readText, writeFileAtomic } from '../../core/index.js';
import { GENERATED_MARK } from '../dictionary/dictionary-page.js';
import { TABLE_PAGES } from '../dictionary/page-paths.js';

/** A file of the folder that is not what the database gives. */
export interface StaleDocument {
  /** From the folder, with forward slashes. */
  readonly path: string;
  /** `extra`: its table is gone. */
  readonly kind: 'missing' | 'changed' | 'extra';
  /** For a changed Markdown page: removed lines with `-`, added ones with `+`, one around them. */
  readonly diff?: readonly string[];
}

/** What of the folder is stale; nothing where it is fresh. @throws FILE_NOT_READ */
export function staleDocuments(folder: string, documents: ReadonlyMap<string, string>): StaleDocument[] {
  const differing = [...documents].flatMap(([path, text]): StaleDocument[] => {
    const file = join(folder, path);
    if (!existsSync(file)) {
      return [{ path, kind: 'missing' }];
    }
    const before = readText(file).replaceAll('\r\n', '\n');
    return before === text ? [] : [changed(path, before, text)];
  });
  return [...differing, ...extraPages(folder, documents).map((path) => ({ path, kind: 'extra' as const }))];
}

function changed(path: string, before: string, after: string): StaleDocument {
  return path.endsWith('.md')
    ? { path, kind: 'changed', diff: lineDiff(before, after) }
    : { path, kind: 'changed' };
}

/** Pages that were generated for tables that are gone; what somebody has written there by hand is none of them. */
function extraPages(folder: string, documents: ReadonlyMap<string, string>): string[] {
  const pages = join(folder, TABLE_PAGES);
  if (!existsSync(pages)) {
    return [];
  }
  return readdirSync(pages)
    .sort()
    .map((name) => `${TABLE_PAGES}/${name}`)
    .filter((path) => path.endsWith('.md') && !documents.has(path))
    .filter((path) => readFileSync(join(folder, path), 'utf8').startsWith(GENERATED_MARK));
}

/**
 * Brings the folder up to the documents: each file is written whole or not at all, fresh ones are left alone, pages of
 * tables that are gone are removed. Returns what was stale.
 * @throws FILE_NOT_READ, FILE_NOT_WRITTEN
 */
export function writeDocuments(folder: string, documents: ReadonlyMap<string, string>): StaleDocument[] {
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
