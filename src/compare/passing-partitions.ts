/**
 * Partitions that come and go with the data: those that add nothing to their table. A service makes one for each day
 * and drops old ones, so that a database never has exactly those that its migrations made.
 */
import { foldPartitions, type SchemaModel, type Table } from '../schema/index.js';

/** The model without partitions that are nothing but a part of their table. */
export function withoutPassingPartitions(model: SchemaModel): SchemaModel {
  const passing = new Set<string>();
  const visit = (table: Table): boolean => {
    const below = (table.partitions ?? []).map(visit);
    const isPassing = table.partitionOf !== undefined && below.every(Boolean) && addsNothing(table);
    if (isPassing) {
      passing.add(keyOf(table));
    }
    return isPassing;
  };
  for (const table of foldPartitions(model).tables) {
    table.partitions?.forEach(visit);
  }
  return passing.size === 0
    ? model
    : { ...model, tables: model.tables.filter((table) => !passing.has(keyOf(table))) };
}

/** What a partition may differ in and still be only a part: its name, its bound, and who made it. */
const OF_ANY_PARTITION: ReadonlySet<string> = new Set([
  'kind',
  'schema',
  'name',
  'owner',
  'partitionOf',
  'partitionBy',
  'partitions',
]);

/** @param partition one of a folded model, without what its table implies */
function addsNothing(partition: Table): boolean {
  return Object.entries(partition).every(
    ([property, value]) => OF_ANY_PARTITION.has(property) || (Array.isArray(value) && value.length === 0),
  );
}

function keyOf({ schema, name }: Table): string {
  return `${schema}\0${name}`;
}
