/**
 * What an entity-relationship diagram shows, whichever format writes it: entities with their keys marked, and
 * relations with the cardinality of both ends as the catalogue proves it. Partitions are part of their table.
 */
import { foldPartitions, type QualifiedName, type SchemaModel, type Table } from '../../schema/index.js';
import { bySchema, type Categorize } from './categorize.js';
import { isJunction } from './junction.js';
import { isCovered, uniqueKeys } from './keys.js';
import { byName, type NameKey, nameKey } from './name-key.js';
import { type Relation, relationsOf } from './relation.js';
import { shortType } from './short-type.js';

export interface EntityColumn {
  readonly name: string;
  /** As PostgreSQL's short names have it: `timestamptz`, `varchar(40)`. */
  readonly type: string;
  readonly isPrimary: boolean;
  readonly isForeign: boolean;
  /** It alone is a unique key other than the primary key. */
  readonly isUnique: boolean;
  readonly notNull: boolean;
  readonly comment?: string;
}

export interface Entity {
  readonly key: NameKey;
  /** A word for formats that need one: ASCII letters, digits and underscores; no two are equal. */
  readonly id: string;
  readonly table: Table;
  /** The part of the diagram that it stands in: its schema, its domain. */
  readonly group: string;
  readonly columns: readonly EntityColumn[];
  /** It stands for a many-to-many relation. */
  readonly isJunction: boolean;
}

export interface Diagram {
  /** By schema and name. */
  readonly entities: readonly Entity[];
  /** By entity, then by the name of the foreign key. */
  readonly relations: readonly Relation[];
}

/** The diagram of a model, or of those of its tables. Relations to what is left out are left out. */
export function diagramOf(
  model: SchemaModel,
  tables?: readonly QualifiedName[],
  groupBy: Categorize = bySchema,
): Diagram {
  const all = [...foldPartitions(model).tables].sort(byName);
  const relations = relationsOf(all);
  const chosen = tables && new Set(tables.map(nameKey));
  const shown = all.filter((table) => chosen?.has(nameKey(table)) ?? true);
  const keys = new Set(shown.map(nameKey));
  const ids = uniqueIds(shown);
  const referenced = new Set(relations.map(({ parent }) => parent));
  return {
    entities: shown.map((table, index) => ({
      ...entityOf(table, ids[index]!, referenced.has(nameKey(table))),
      group: groupBy(table),
    })),
    relations: relations.filter(({ child, parent }) => keys.has(child) && keys.has(parent)),
  };
}

function entityOf(table: Table, id: string, isReferenced: boolean): Omit<Entity, 'group'> {
  const foreign = new Set(
    [table, ...partitionsOf(table)]
      .flatMap(({ constraints }) => constraints)
      .flatMap((constraint) => (constraint.kind === 'foreign key' ? constraint.columns : [])),
  );
  const primary = new Set(
    table.constraints.flatMap((constraint) => (constraint.kind === 'primary key' ? constraint.columns : [])),
  );
  const unique = uniqueKeys(table);
  return {
    key: nameKey(table),
    id,
    table,
    columns: table.columns.map(({ name, type, notNull, comment }) => ({
      name,
      type: shortType(type),
      isPrimary: primary.has(name),
      isForeign: foreign.has(name),
      isUnique: !primary.has(name) && isCovered(unique, [name]),
      notNull: notNull === true,
      ...(comment === undefined ? {} : { comment }),
    })),
    isJunction: isJunction(table, isReferenced),
  };
}

/** A table's partitions, at every level. */
function partitionsOf({ partitions = [] }: Table): readonly Table[] {
  return partitions.flatMap((partition) => [partition, ...partitionsOf(partition)]);
}

function uniqueIds(tables: readonly Table[]): readonly string[] {
  const taken = new Set<string>();
  return tables.map(({ schema, name }) => {
    const base = `${schema}_${name}`.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    let id = base;
    for (let suffix = 2; taken.has(id.toLowerCase()); suffix += 1) {
      id = `${base}_${suffix}`;
    }
    taken.add(id.toLowerCase());
    return id;
  });
}
