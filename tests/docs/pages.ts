/** What holds for the pages of every model. */
import { posix } from 'node:path';
import type { Dictionary } from '../../src/docs/index.js';
import { foldPartitions, type SchemaModel } from '../../src/schema/index.js';

type Pages = ReadonlyMap<string, string>;

/** The tables, views and columns of the model that the dictionary does not tell exactly once. */
export function untoldObjects(model: SchemaModel, pages: Pages): string[] {
  const { schemas } = JSON.parse(pages.get('dictionary.json')!) as Dictionary;
  const told = new Map<string, number>();
  const tell = (address: string) => told.set(address, (told.get(address) ?? 0) + 1);
  for (const { schema, name, fields, page } of schemas.flatMap(({ entities }) => entities)) {
    tell(JSON.stringify([schema, name]));
    const rows = cellsOf(pages.get(page) ?? '').filter(({ isField }) => isField);
    if (rows.length === fields.length) {
      for (const field of fields) {
        tell(JSON.stringify([schema, name, field.name]));
      }
    }
  }
  const { tables, views } = foldPartitions(model);
  return [...tables, ...views]
    .flatMap(({ schema, name, columns }) => [
      [schema, name],
      ...columns.map((column) => [schema, name, column.name]),
    ])
    .map((path) => JSON.stringify(path))
    .filter((address) => told.get(address) !== 1);
}

/** The links of the pages that lead to no page and no heading. */
export function brokenLinks(pages: Pages): string[] {
  return [...pages]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, text]) => {
      const anchors = anchorsIn(text);
      const prose = text.replaceAll(/^(`{3,}).*?^\1$/gms, '').replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
      return [...prose.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target!)
        .filter((target) =>
          target.startsWith('#')
            ? !anchors.has(target.slice(1))
            : !pages.has(posix.join(posix.dirname(path), target)),
        )
        .map((target) => `${path}: ${target}`);
    });
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsIn(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const base = heading!
      .replaceAll('\\', '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-');
    let anchor = base;
    for (let number = 1; anchors.has(anchor); number += 1) {
      anchor = `${base}-${number}`;
    }
    anchors.add(anchor);
  }
  return anchors;
}

/** How many cells each row of the page's tables has, and how many titles its table has. */
export function cellsOf(
  page: string,
): readonly { readonly cells: number; readonly titles: number; readonly isField: boolean }[] {
  let titles = 0;
  let isField = false;
  let isHead = true;
  return page.split('\n').flatMap((line) => {
    if (!line.startsWith('| ')) {
      isHead = true;
      return [];
    }
    const cells = line.replaceAll(/\\./g, '').split('|').length - 2;
    if (isHead) {
      titles = cells;
      isField = line.startsWith('| field');
      isHead = false;
      return [];
    }
    return line.startsWith('| ---') ? [] : [{ cells, titles, isField }];
  });
}
