import type { Table } from '../../schema/index.js';

/** Columns whose values, taken together, no two rows share. */
export type Key = readonly string[];

/** A table's keys: primary key, unique constraints, and unique indexes of plain columns over all rows. */
export function uniqueKeys(table: Table): readonly Key[] {
  const constraints = table.constraints.flatMap((constraint) =>
    (constraint.kind === 'primary key' || constraint.kind === 'unique') && !constraint.withoutOverlaps
      ? [constraint.columns]
      : [],
  );
  const indexes = table.indexes.flatMap(({ unique, predicate, invalid, keys }) => {
    const columns = keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
    return unique && predicate === undefined && !invalid && columns.length === keys.length ? [columns] : [];
  });
  return [...constraints, ...indexes];
}

/** True when a key lies within the columns, so that these identify a row too. */
export function isCovered(keys: readonly Key[], columns: readonly string[]): boolean {
  return keys.some((key) => key.every((column) => columns.includes(column)));
}
