import { type ComparisonOptions, comparable } from '../../catalog/index.js';
import type { SchemaModel, Table, View } from '../../schema/index.js';
import { type Inventory, inventoryOf } from '../inventory.js';
import type { Unit } from '../unit.js';

/** The keys of the units that are in both, and not the same. */
export function changedUnits(from: Inventory, to: Inventory, options: ComparisonOptions): Set<string> {
  const same = sameRelations(from.model, to.model);
  const [old, young] = [from, to].map((inventory) => texts(inventory, same, options)) as [
    Map<string, string>,
    Map<string, string>,
  ];
  const changed = new Set<string>();
  for (const [key, now] of young) {
    const then = old.get(key);
    if (then !== undefined && then !== now) {
      changed.add(key);
    }
  }
  return changed;
}

/** The tables and views, by `schema\0name`, that are the same in both: of most schemas, nearly all. */
function sameRelations(from: SchemaModel, to: SchemaModel): ReadonlySet<string> {
  const before = new Map(relationsOf(from).map((one) => [`${one.schema}\0${one.name}`, one]));
  const same = relationsOf(to).flatMap((now) => {
    const key = `${now.schema}\0${now.name}`;
    const then = before.get(key);
    return then && JSON.stringify(then) === JSON.stringify(now) ? [key] : [];
  });
  return new Set(same);
}

function relationsOf({ tables, views }: SchemaModel): readonly (Table | View)[] {
  return [...tables, ...views];
}

/** Every unit that may have changed, as the text that two of them are compared by. */
function texts(
  inventory: Inventory,
  same: ReadonlySet<string>,
  options: ComparisonOptions,
): Map<string, string> {
  const found = new Map<string, string>();
  const { model } = inventory;
  const differs = ({ schema, name }: Table | View): boolean => !same.has(`${schema}\0${name}`);
  const compared = inventoryOf(
    comparable(
      { ...model, tables: model.tables.filter(differs), views: model.views.filter(differs) },
      { ...options, ignoreColumnOrder: true },
    ),
  );
  for (const one of inventory.units.values()) {
    if (
      one.kind === 'table' || one.kind === 'view'
        ? differs(one.object)
        : !one.relation || differs(one.relation)
    ) {
      // What stands alone only in between is as it is in the model.
      found.set(one.key, JSON.stringify(sortedEntries(ownProperties(compared.units.get(one.key) ?? one))));
    }
  }
  return found;
}

/** Without the parts that are units themselves. */
function ownProperties(one: Unit): object {
  switch (one.kind) {
    case 'table':
      return {
        ...one.object,
        ...{ columns: 0, constraints: 0, indexes: 0, triggers: 0, policies: 0, rules: 0, statistics: 0 },
        ...{ inherits: 0, partitionOf: 0, partitions: 0 },
        inheritedIndexes: one.object.indexes.filter(({ inherited }) => inherited),
      };
    case 'view':
      return { ...one.object, indexes: 0, triggers: 0, rules: 0, statistics: 0 };
    case 'column':
      return { ...one.object, default: 0, inherited: 0 };
    case 'constraint':
    case 'index':
    case 'backing index':
      return { ...one.object, inherited: 0 };
    case 'sequence':
      return { ...one.object, ownedBy: 0 };
    case 'ownership':
      return one.object.column;
    case 'publication':
      return { ...one.object, tables: 0, schemas: 0 };
    case 'foreign server':
      return { ...one.object, users: 0 };
    default:
      return one.object;
  }
}

function sortedEntries(object: object): unknown {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
