/**
 * Partitions that come and go with the data: those that add nothing to their table. A service makes one for each day
 * and drops old ones, so that a database never has exactly those that its migrations made.
 */
import { foldPartitions, type SchemaModel, type Table } from '../schema/index.js';
import { qualifiedName } from '../sql/index.js';

/** The model without partitions that are nothing but a part of their table. */
export function withoutPassingPartitions(model: SchemaModel): SchemaModel {
  const passing = new Set<string>();
  const visit = (table: Table, parent: Table): boolean => {
    const below = (table.partitions ?? []).map((partition) => visit(partition, table));
    const isPassing = below.every(Boolean) && addsNothing(table, parent);
    if (isPassing) {
      passing.add(keyOf(table));
    }
    return isPassing;
  };
  for (const table of foldPartitions(model).tables) {
    for (const partition of table.partitions ?? []) {
      visit(partition, table);
    }
  }
  return passing.size === 0
    ? model
    : { ...model, tables: model.tables.filter((table) => !passing.has(keyOf(table))) };
}

/** What a partition may differ in and still be only a part: its name, its bound, who made it and what for. */
const OF_ANY_PARTITION: ReadonlySet<string> = new Set([
  'kind',
  'schema',
  'name',
  'owner',
  'comment',
  'partitionOf',
  'partitionBy',
  'partitions',
]);

/** @param partition one of a folded model, without what its table implies */
function addsNothing(partition: Table, parent: Table): boolean {
  const name = qualifiedName(partition.schema, partition.name);
  const parentName = qualifiedName(parent.schema, parent.name);
  return Object.entries(partition).every(([property, value]) => {
    const ofParent: unknown = parent[property as keyof Table];
    if (OF_ANY_PARTITION.has(property)) {
      return true;
    }
    // Triggers for whole statements and policies are not inherited: a partition has copies of them.
    return Array.isArray(value)
      ? value.every((part) => {
          const copy = asText(part).replaceAll(` ON ${name} `, ` ON ${parentName} `);
          return Array.isArray(ofParent) && ofParent.some((other) => asText(other) === copy);
        })
      : JSON.stringify(value) === JSON.stringify(ofParent);
  });
}

function asText(part: unknown): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'comment' ? undefined : value));
}

function keyOf({ schema, name }: Table): string {
  return `${schema}\0${name}`;
}
