import type { ForeignKey, Table } from '../../schema/index.js';
import type { Relationship } from './dictionary.js';
import { meaningOf } from './meaning.js';
import { entityKey } from './page-paths.js';

/** The foreign keys of a model from both ends, by `entityKey`. */
export interface RelationshipEnds {
  readonly outgoing: ReadonlyMap<string, readonly Relationship[]>;
  readonly incoming: ReadonlyMap<string, readonly Relationship[]>;
}

/** The relationships between the tables; both ends list them in the order of the tables and their constraints. */
export function relationshipsOf(tables: readonly Table[]): RelationshipEnds {
  const outgoing = new Map<string, Relationship[]>();
  const incoming = new Map<string, Relationship[]>();
  for (const table of tables) {
    for (const constraint of table.constraints) {
      if (constraint.kind === 'foreign key') {
        const relationship = relationshipOf(table, constraint);
        add(outgoing, entityKey(table.schema, table.name), relationship);
        add(incoming, entityKey(constraint.references.schema, constraint.references.table), relationship);
      }
    }
  }
  return { outgoing, incoming };
}

function add(ends: Map<string, Relationship[]>, key: string, relationship: Relationship): void {
  ends.set(key, [...(ends.get(key) ?? []), relationship]);
}

function relationshipOf(table: Table, key: ForeignKey): Relationship {
  const nullable = new Set(table.columns.filter(({ notNull }) => !notNull).map(({ name }) => name));
  return {
    name: key.name,
    from: { schema: table.schema, table: table.name, fields: key.columns },
    to: { schema: key.references.schema, table: key.references.table, fields: key.references.columns },
    cardinality: isUnique(table, key.columns) ? 'one' : 'many',
    optional: key.columns.some((column) => nullable.has(column)),
    ...(key.onDelete ? { onDelete: onDeleteText(key.onDelete, key.onDeleteColumns) } : {}),
    ...(key.onUpdate ? { onUpdate: key.onUpdate } : {}),
    ...(key.notEnforced ? { notEnforced: true as const } : {}),
    ...meaningOf(key.comment),
  };
}

/** True where a key of the table lies within the columns, so that no two rows agree in them. */
function isUnique(table: Table, columns: readonly string[]): boolean {
  return table.constraints.some(
    (constraint) =>
      (constraint.kind === 'primary key' || constraint.kind === 'unique') &&
      constraint.columns.every((column) => columns.includes(column)),
  );
}

function onDeleteText(action: string, columns: readonly string[] | undefined): string {
  return columns ? `${action} (${columns.join(', ')})` : action;
}
