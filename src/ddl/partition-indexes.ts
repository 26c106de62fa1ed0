/**
 * An index of a partitioned table brings one to each partition, under a name that PostgreSQL chooses. A partition whose
 * index is called otherwise gets it first, under its own name; PostgreSQL then takes that one for its part.
 */
import type { Constraint, Table, TableIndex, View } from '../schema/index.js';
import type { Inventory } from './inventory.js';
import type { Scene } from './scene.js';
import { keyOf } from './unit.js';
import { constraintClause } from './write/constraint.js';
import { partitionIndexName } from './write/default-name.js';
import { createIndex } from './write/index-statement.js';
import { nameOf } from './write/named.js';

interface Surroundings {
  readonly scene: Scene;
  readonly isCreated: IsCreated;
}

/** What to run before the index, or the key, of the partitioned table is made. */
export function partitionIndexStatements(
  relation: Table | View,
  index: TableIndex,
  constraint: Constraint | undefined,
  surroundings: Surroundings,
): string[] {
  if (relation.kind !== 'table' || !relation.partitionBy) {
    return [];
  }
  const { scene } = surroundings;
  const children = scene.to.children.get(`${relation.schema}\0${relation.name}`) ?? [];
  return children.flatMap((child) => {
    const own = partOf(child, index);
    if (!own || isNamedByDefault(child, own, constraint, scene) || isMadeByItself(child, own, surroundings)) {
      return [];
    }
    const key = constraint && child.constraints.find(({ name }) => name === own.constraint);
    return [
      ...partitionIndexStatements(child, own, key, surroundings),
      key ? `alter table ${nameOf(child)}\n  add ${constraintClause(key)}` : createIndex(own),
    ];
  });
}

/** A table that comes to the parent only now has its index as a unit of its own. */
function isMadeByItself(child: Table, index: TableIndex, { scene, isCreated }: Surroundings): boolean {
  const kind = index.constraint === undefined ? 'index' : 'backing index';
  return (
    scene.to.units.has(keyOf(kind, [child.schema, child.name, index.name])) &&
    !isCreated(keyOf('table', [child.schema, child.name]))
  );
}

type IsCreated = (key: string) => boolean;

/**
 * Whether all the indexes that a new partition gets from its parent will be called as they are to be: those of keys,
 * and of indexes that are there already, by the names that PostgreSQL gives them.
 */
export function hasPredictableIndexes(table: Table, to: Inventory, isCreated: IsCreated): boolean {
  return table.indexes
    .filter(({ inherited }) => inherited)
    .every((index) => {
      const key = table.constraints.find(({ name }) => name === index.constraint);
      return (
        index.name === partitionIndexName(table.name, index, key?.kind) ||
        comesLater(table, index, to, isCreated)
      );
    });
}

/** The partition's parts of indexes that are there already: those of others come with the index of the parent. */
export function earlyIndexes(table: Table, to: Inventory, isCreated: IsCreated): TableIndex[] {
  return table.indexes.filter(
    (index) => index.inherited && index.constraint === undefined && !comesLater(table, index, to, isCreated),
  );
}

/** The partition's parts of indexes that stay, as they were and as they are to be. */
export function stayingParts(
  then: Table,
  now: Table,
  to: Inventory,
  isCreated: IsCreated,
): [TableIndex, TableIndex][] {
  const left = then.indexes.filter(({ inherited }) => inherited);
  return now.indexes.flatMap((index): [TableIndex, TableIndex][] => {
    if (!index.inherited || comesLater(now, index, to, isCreated)) {
      return [];
    }
    const same = left.filter((old) => meaningOf(old) === meaningOf(index));
    const old = same.find(({ name }) => name === index.name) ?? same[0];
    return old ? [[old, index]] : [];
  });
}

/** Whether the index of the parent is made by a statement of its own, which comes after that of the partition. */
function comesLater(table: Table, index: TableIndex, to: Inventory, isCreated: IsCreated): boolean {
  const { partitionOf } = table;
  const parent = partitionOf && to.tables.get(`${partitionOf.schema}\0${partitionOf.name}`);
  const wanted = meaningOf(index);
  const whole = parent?.indexes.find((one) => meaningOf(one) === wanted);
  if (!parent || !whole) {
    return false;
  }
  return whole.inherited
    ? comesLater(parent, whole, to, isCreated)
    : isCreated(
        keyOf(whole.constraint === undefined ? 'index' : 'backing index', [
          parent.schema,
          parent.name,
          whole.name,
        ]),
      ) &&
        (whole.constraint === undefined || !isCreated(keyOf('table', [parent.schema, parent.name])));
}

/** The names that an index takes in its schema: its own and those of its parts. */
export function namesOfIndex(relation: Table | View, index: TableIndex, inventory: Inventory): string[] {
  const children = inventory.children.get(`${relation.schema}\0${relation.name}`) ?? [];
  return [
    `${relation.schema}\0${index.name}`,
    ...children.flatMap((child) => {
      const part = partOf(child, index);
      return part ? namesOfIndex(child, part, inventory) : [];
    }),
  ];
}

function isNamedByDefault(
  child: Table,
  own: TableIndex,
  constraint: Constraint | undefined,
  scene: Scene,
): boolean {
  if (own.name !== partitionIndexName(child.name, own, constraint?.kind)) {
    return false;
  }
  const below = scene.to.children.get(`${child.schema}\0${child.name}`) ?? [];
  return below.every((grandchild) => {
    const part = partOf(grandchild, own);
    return part === undefined || isNamedByDefault(grandchild, part, constraint, scene);
  });
}

/** The partition's index that does what the parent's does. */
function partOf(child: Table, index: TableIndex): TableIndex | undefined {
  const wanted = meaningOf(index);
  return child.indexes.find((own) => own.inherited && meaningOf(own) === wanted);
}

function meaningOf({ keys, include, predicate, unique, method, constraint }: TableIndex): string {
  return JSON.stringify([keys, include, predicate, unique, method, constraint !== undefined]);
}
