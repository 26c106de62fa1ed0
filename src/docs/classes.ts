import type { Categorize } from './erd/categorize.js';

const UNCLASSIFIED = 'not classified';

/**
 * The class of a table is that of its most guarded column. `order` has the classes, least guarded first;
 * `classification` the class of each column, by `schema.table.column`.
 */
export function byClass(classification: ReadonlyMap<string, string>, order: readonly string[]): Categorize {
  return ({ schema, name, columns }) => {
    const ranks = columns.map((column) =>
      order.indexOf(classification.get(`${schema}.${name}.${column.name}`) ?? ''),
    );
    return order[Math.max(-1, ...ranks)] ?? UNCLASSIFIED;
  };
}
