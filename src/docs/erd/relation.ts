import type { ForeignKey, Table } from '../../schema/index.js';
import { isCovered, uniqueKeys } from './keys.js';
import { compare, type NameKey, nameKey } from './name-key.js';

/** How many rows of one side belong to a row of the other. */
export type Cardinality = 'one' | 'zero or one' | 'zero or many';

/** A foreign key, seen from both sides. */
export interface Relation {
  /** The foreign key's name. */
  readonly name: string;
  /** The table that holds the foreign key. */
  readonly child: NameKey;
  /** The table that it refers to. */
  readonly parent: NameKey;
  readonly foreignKey: ForeignKey;
  /** How many children a parent has: at most one where the referencing columns are unique. */
  readonly childEnd: Exclude<Cardinality, 'one'>;
  /** How many parents a child has: none is possible where a referencing column may be null. */
  readonly parentEnd: Exclude<Cardinality, 'zero or many'>;
  /** The referencing columns are in the child's primary key: it does not exist without the parent. */
  readonly isIdentifying: boolean;
}

/**
 * The relations of tables with their partitions folded in. A foreign key of a partition, or to one, is a relation of
 * the table that the partition belongs to; where that table has the same one, it is not told twice.
 */
export function relationsOf(tables: readonly Table[]): readonly Relation[] {
  const roots = new Map(
    tables.flatMap((table) => withPartitions(table).map((part) => [nameKey(part), table] as const)),
  );
  return tables.flatMap((child) =>
    foreignKeysOf(child, roots)
      .flatMap((foreignKey) => {
        const parent = parentOf(foreignKey, roots);
        return parent ? [relationOf(child, parent, foreignKey)] : [];
      })
      .sort((a, b) => compare(a.name, b.name)),
  );
}

function withPartitions(table: Table): readonly Table[] {
  return [table, ...(table.partitions ?? []).flatMap(withPartitions)];
}

function parentOf({ references }: ForeignKey, roots: ReadonlyMap<NameKey, Table>): Table | undefined {
  return roots.get(nameKey({ schema: references.schema, name: references.table }));
}

/** A table's own foreign keys, and those of its partitions that it has not. */
function foreignKeysOf(table: Table, roots: ReadonlyMap<NameKey, Table>): readonly ForeignKey[] {
  const [own = [], ...others] = withPartitions(table).map(({ constraints }) =>
    constraints.filter((constraint) => constraint.kind === 'foreign key'),
  );
  const shapeOf = (foreignKey: ForeignKey) => {
    const parent = parentOf(foreignKey, roots);
    return JSON.stringify([foreignKey.columns, parent && nameKey(parent), foreignKey.references.columns]);
  };
  const shapes = new Set(own.map(shapeOf));
  const added = others.flat().filter((foreignKey) => {
    const shape = shapeOf(foreignKey);
    const isNew = !shapes.has(shape);
    shapes.add(shape);
    return isNew;
  });
  return [...own, ...added];
}

function relationOf(child: Table, parent: Table, foreignKey: ForeignKey): Relation {
  const { columns } = foreignKey;
  const required = new Set(child.columns.flatMap(({ name, notNull }) => (notNull ? [name] : [])));
  const primary = child.constraints.find(({ kind }) => kind === 'primary key');
  return {
    name: foreignKey.name,
    child: nameKey(child),
    parent: nameKey(parent),
    foreignKey,
    childEnd: isCovered(uniqueKeys(child), columns) ? 'zero or one' : 'zero or many',
    parentEnd: columns.every((column) => required.has(column)) ? 'one' : 'zero or one',
    isIdentifying:
      primary?.kind === 'primary key' && columns.every((column) => primary.columns.includes(column)),
  };
}
