import type { SchemaModel } from '../../schema/index.js';

/** The folder of the tables' pages, inside the folder of the documents. */
export const TABLE_PAGES = 'tables';

/** The identity of a table or view in maps. Identifiers cannot hold the null character. */
export function entityKey(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

/**
 * The page of each table and view, by `entityKey`. Characters that a file name or a link could not hold become
 * hyphens; names that would then be one on a file system without upper and lower case get a number.
 */
export function pagePaths(model: SchemaModel): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const paths = new Map<string, string>();
  for (const { schema, name } of [...model.tables, ...model.views]) {
    const wanted = `${fileName(schema)}.${fileName(name)}`;
    let free = wanted;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) {
      free = `${wanted}~${number}`;
    }
    taken.add(free.toLowerCase());
    paths.set(entityKey(schema, name), `${TABLE_PAGES}/${free}.md`);
  }
  return paths;
}

function fileName(identifier: string): string {
  return identifier.replace(/[^A-Za-z0-9_-]/g, '-');
}
