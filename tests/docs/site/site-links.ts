import { posix } from 'node:path';

/** The links of a site's pages that lead to no file, or to no place of one. */
export function brokenSiteLinks(files: ReadonlyMap<string, string | Uint8Array>): readonly string[] {
  const pages = new Map(
    [...files].flatMap(([path, text]) =>
      path.endsWith('.html') && typeof text === 'string' ? [[path, text] as const] : [],
    ),
  );
  const ids = new Map(
    [...pages].map(([path, text]) => [
      path,
      new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)),
    ]),
  );
  return [...pages].flatMap(([path, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]*)"/g)]
      .map(([, target]) => target!)
      .filter((target) => {
        const [page, anchor] = target.split('#') as [string, string?];
        const goal = page === '' ? path : posix.join(posix.dirname(path), page);
        const isThere = target === 'data:,' || files.has(goal);
        return !isThere || (anchor !== undefined && !ids.get(goal)?.has(anchor));
      })
      .map((target) => `${path}: ${target}`),
  );
}
