/** A model as the questions that `statementEffects` asks about a catalogue. */
import type { Constraint, SchemaModel, Table } from '../schema/index.js';
import type {
  CatalogFacts,
  ConstraintFacts,
  ReferenceFacts,
  RelationFacts,
  RelationName,
} from '../sql/index.js';
import { type Inventory, parentsOf } from './inventory.js';
import { namesIn } from './names.js';

/** The facts of the schema that a change starts from. */
export function modelFacts(inventory: Inventory): CatalogFacts {
  const { model } = inventory;
  const relations = new Map<string, RelationFacts>();
  const referencedBy = references(model);
  const parts = partsOfRelations(model);
  const find = ({ schema = '', name }: RelationName): RelationFacts | undefined => {
    const key = `${schema}\0${name}`;
    let facts = relations.get(key);
    if (facts === undefined) {
      const table = inventory.tables.get(key);
      facts = table
        ? tableFacts(table, inventory, referencedBy)
        : (otherFacts(key, inventory) ?? indexFacts(key, parts.indexes));
      if (facts) {
        relations.set(key, facts);
      }
    }
    return facts;
  };
  const domains = new Map(
    model.types.flatMap((type) =>
      type.kind === 'domain' ? [[`${type.schema}\0${type.name}` as string, type] as const] : [],
    ),
  );
  return {
    serverVersion: model.postgresMajor * 10_000,
    relation: find,
    domain: (parts) => {
      const found = domains.get(`${parts.at(-2)}\0${parts.at(-1)}`);
      return (
        found && {
          baseType: found.baseType,
          hasConstraints: found.constraints.length > 0 || found.notNull === true,
        }
      );
    },
    relationsUsingType: (parts) => {
      const wanted = `${parts.at(-2)}\0${parts.at(-1)}`;
      return model.tables.filter(({ columns }) =>
        columns.some(({ type }) => namesIn(type).qualified.has(wanted)),
      );
    },
    relationsInSchema: (schema) =>
      [...model.tables, ...model.views, ...model.sequences].filter((one) => one.schema === schema),
    relationOfStatistics: ({ schema = '', name }) => parts.statistics.get(`${schema}\0${name}`),
  };
}

/** The tables, and views, of indexes and of extended statistics by `schema\0name`. */
interface Parts {
  readonly indexes: ReadonlyMap<string, RelationName>;
  readonly statistics: ReadonlyMap<string, RelationName>;
}

function partsOfRelations({ tables, views }: SchemaModel): Parts {
  const indexes = new Map<string, RelationName>();
  const statistics = new Map<string, RelationName>();
  for (const relation of [...tables, ...views]) {
    const { schema, name } = relation;
    for (const index of relation.indexes) {
      indexes.set(`${schema}\0${index.name}`, { schema, name });
    }
    for (const one of relation.statistics) {
      statistics.set(`${one.schema}\0${one.name}`, { schema, name });
    }
  }
  return { indexes, statistics };
}

function indexFacts(key: string, indexes: Parts['indexes']): RelationFacts | undefined {
  const table = indexes.get(key);
  const [schema, name] = key.split('\0') as [string, string];
  return table && { schema, name, kind: 'index', table };
}

function references({ tables }: SchemaModel): ReadonlyMap<string, readonly ReferenceFacts[]> {
  const found = new Map<string, ReferenceFacts[]>();
  for (const { schema, name, constraints } of tables) {
    for (const constraint of constraints) {
      if (constraint.kind === 'foreign key') {
        const key = `${constraint.references.schema}\0${constraint.references.table}`;
        const list = found.get(key) ?? [];
        found.set(key, list);
        list.push({
          relation: { schema, name },
          columns: constraint.columns,
          onDelete: constraint.onDelete ?? 'no action',
          onUpdate: constraint.onUpdate ?? 'no action',
        });
      }
    }
  }
  return found;
}

function tableFacts(
  table: Table,
  inventory: Inventory,
  referencedBy: ReadonlyMap<string, readonly ReferenceFacts[]>,
): RelationFacts {
  const { schema, name } = table;
  const children = descendants(table, inventory);
  const defaultPartition = (inventory.children.get(`${schema}\0${name}`) ?? []).find(
    ({ partitionOf }) => partitionOf?.bound === 'DEFAULT',
  );
  return {
    schema,
    name,
    kind: table.foreign ? 'foreign table' : table.partitionBy ? 'partitioned table' : 'table',
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      isNotNull: column.notNull === true && !column.notNullConstraint?.notValid,
      ...(column.identity ? { sequence: { schema, name: column.identity.sequence } } : {}),
      ...(column.generated ? { generated: column.generated.storage } : {}),
    })),
    constraints: table.constraints.map(constraintFacts),
    referencedBy: referencedBy.get(`${schema}\0${name}`) ?? [],
    descendants: children,
    parents: parentsOf(table),
    ...(defaultPartition ? { defaultPartition } : {}),
  };
}

function constraintFacts(constraint: Constraint): ConstraintFacts {
  return {
    name: constraint.name,
    kind: constraint.kind,
    columns: constraint.columns,
    isValidated:
      !('notValid' in constraint && constraint.notValid) &&
      !('notEnforced' in constraint && constraint.notEnforced),
    ...(constraint.kind === 'foreign key'
      ? { references: { schema: constraint.references.schema, name: constraint.references.table } }
      : {}),
    ...(constraint.kind === 'check' ? { condition: constraint.expression } : {}),
  };
}

function descendants({ schema, name }: Table, inventory: Inventory): RelationName[] {
  return (inventory.children.get(`${schema}\0${name}`) ?? []).flatMap((child) => [
    { schema: child.schema, name: child.name },
    ...descendants(child, inventory),
  ]);
}

function otherFacts(key: string, inventory: Inventory): RelationFacts | undefined {
  const found = inventory.named.get(key)?.find(({ kind }) => kind === 'view' || kind === 'sequence');
  if (found?.kind === 'view') {
    const { schema, name, kind, definition } = found.object;
    const reads = [...namesIn(definition).qualified].flatMap((one) => {
      const table = inventory.tables.get(one);
      return table ? [{ schema: table.schema, name: table.name }] : [];
    });
    return { schema, name, kind, reads };
  }
  if (found?.kind !== 'sequence') {
    return undefined;
  }
  const { schema, name, ownedBy } = found.object;
  return {
    ...{ schema, name, kind: 'sequence' },
    ...(ownedBy ? { table: { schema: ownedBy.schema, name: ownedBy.table } } : {}),
  };
}
