/**
 * Ids as types of their own. A table's id is a primary-key column that refers to nothing and is the whole key or called
 * `id`; a column that refers to an id has its type, through as many tables as lie between.
 */
import type { SchemaModel, Table } from '../../schema/index.js';
import { columnKey } from './typed-schema.js';

/** The columns that are ids, each with the column that its type is named after, both by `columnKey`. */
export function idOrigins({ tables }: SchemaModel): ReadonlyMap<string, string> {
  const own = new Set(tables.flatMap(idColumns));
  const references = new Map(tables.flatMap(referencePairs));
  const origins = new Map<string, string>();
  for (const column of [...own, ...references.keys()]) {
    const origin = originOf(column, own, references);
    if (origin !== undefined) {
      origins.set(column, origin);
    }
  }
  return origins;
}

const ID_TYPES = new Set(['uuid', 'bigint', 'integer', 'smallint', 'text']);

function idColumns({ schema, name, columns, constraints }: Table): string[] {
  const key = constraints.find(({ kind }) => kind === 'primary key')?.columns ?? [];
  const referring = new Set(
    constraints.filter(({ kind }) => kind === 'foreign key').flatMap((each) => each.columns),
  );
  return columns
    .filter((column) => ID_TYPES.has(column.type) && key.includes(column.name) && !referring.has(column.name))
    .filter((column) => key.length === 1 || column.name === 'id')
    .map((column) => columnKey(schema, name, column.name));
}

function referencePairs({ schema, name, constraints }: Table): (readonly [string, string])[] {
  return constraints.flatMap((constraint) => {
    if (constraint.kind !== 'foreign key') {
      return [];
    }
    const { references } = constraint;
    return constraint.columns.map(
      (column, index) =>
        [
          columnKey(schema, name, column),
          columnKey(references.schema, references.table, references.columns[index]!),
        ] as const,
    );
  });
}

function originOf(
  column: string,
  own: ReadonlySet<string>,
  references: ReadonlyMap<string, string>,
): string | undefined {
  const seen = new Set<string>();
  for (let at: string | undefined = column; at !== undefined && !seen.has(at); at = references.get(at)) {
    if (own.has(at)) {
      return at;
    }
    seen.add(at);
  }
  return undefined;
}
