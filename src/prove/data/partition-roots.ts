import type { SchemaModel } from '../../schema/index.js';
import { tableKey } from './rows/fill-table.js';

/** The key of the table that holds the rows of a table: its own, or that of the one that it is a partition of. */
export type RootKeyOf = (schema: string, name: string) => string;

export function partitionRoots({ tables }: SchemaModel): RootKeyOf {
  const parents = new Map(
    tables.flatMap(({ schema, name, partitionOf }) =>
      partitionOf ? [[tableKey(schema, name), tableKey(partitionOf.schema, partitionOf.name)] as const] : [],
    ),
  );
  const rootOf = (key: string): string => {
    const parent = parents.get(key);
    return parent === undefined ? key : rootOf(parent);
  };
  return (schema, name) => rootOf(tableKey(schema, name));
}
