import type { SchemaModel } from './model.js';
import type { Table } from './table.js';

/**
 * The model with each partition inside the table it is a partition of, without what that table implies: columns
 * that are the same there, and inherited constraints, indexes and triggers. A partition whose parent is not in the
 * model stays where it is.
 */
export function foldPartitions(model: SchemaModel): SchemaModel {
  const known = new Set(model.tables.map(addressOf));
  const children = new Map<string, Table[]>();
  const roots: Table[] = [];
  for (const table of model.tables) {
    const parent = table.partitionOf && addressOf(table.partitionOf);
    if (parent !== undefined && known.has(parent)) {
      const siblings = children.get(parent) ?? [];
      siblings.push(table);
      children.set(parent, siblings);
    } else {
      roots.push(table);
    }
  }
  return { ...model, tables: roots.map((table) => folded(table, children)) };
}

/** Identifiers cannot hold the null character. */
function addressOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}\0${name}`;
}

function folded(table: Table, children: ReadonlyMap<string, readonly Table[]>): Table {
  const partitions = children.get(addressOf(table));
  return partitions
    ? {
        ...table,
        partitions: partitions.map((partition) => withoutImplied(table, folded(partition, children))),
      }
    : table;
}

function withoutImplied(parent: Table, partition: Table): Table {
  const impliedColumns = new Map(parent.columns.map((column) => [column.name, JSON.stringify(column)]));
  return {
    ...partition,
    columns: partition.columns.filter((column) => impliedColumns.get(column.name) !== JSON.stringify(column)),
    constraints: partition.constraints.filter(({ inherited }) => !inherited),
    indexes: partition.indexes.filter(({ inherited }) => !inherited),
    triggers: partition.triggers.filter(({ inherited }) => !inherited),
  };
}
