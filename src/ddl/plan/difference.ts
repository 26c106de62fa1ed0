/**
 * Which units go, come and change. A unit that cannot be changed in place, or that uses one that goes, is both dropped
 * and created: so a change spreads to what stands on it, and no further.
 */

import type { ComparisonOptions } from '../../catalog/index.js';
import { comparable } from '../../catalog/index.js';
import type { Column, SchemaModel, Table, View } from '../../schema/index.js';
import { type Inventory, inventoryOf, parentsOf } from '../inventory.js';
import { keyOf, type Unit } from '../unit.js';
import { usesOf } from '../uses.js';
import { canAlter } from '../write/alter.js';
import { isSameFamily } from '../write/alter-column.js';

export interface Difference {
  /** The units of `from` that go, for good or to be made again. */
  readonly dropped: ReadonlySet<string>;
  /** The units of `to` that come. */
  readonly created: ReadonlySet<string>;
  /** Those in both that change in place. */
  readonly altered: ReadonlySet<string>;
  /** The columns whose type stays in name but is made anew. */
  readonly retyped: ReadonlySet<string>;
  /** The units that use a unit of `from`, and what it uses. */
  readonly uses: (key: string, side: 'from' | 'to') => ReadonlySet<string>;
  readonly users: (key: string) => readonly string[];
}

export interface DifferenceInput {
  readonly from: Inventory;
  readonly to: Inventory;
  readonly options: ComparisonOptions;
  readonly major: number;
  /** The units that are made again though they could stay or be changed in place. */
  readonly replaced: ReadonlySet<string>;
}

export function differenceOf({ from, to, options, major, replaced }: DifferenceInput): Difference {
  const changed = changedUnits(from, to, options);
  const dropped = new Set([...from.units.keys()].filter((key) => !to.units.has(key)));
  const created = new Set([...to.units.keys()].filter((key) => !from.units.has(key)));
  const retyped = new Set<string>();
  const isNothing = changed.size + dropped.size + created.size === 0;
  const graph = isNothing ? NO_GRAPH : useGraph(from, to);
  const queue: { readonly key: string; readonly how: 'gone' | 'reshaped' }[] = [];
  const replace = (key: string): void => {
    if (!dropped.has(key)) {
      dropped.add(key);
      queue.push({ key, how: 'gone' });
      if (to.units.has(key)) {
        created.add(key);
      }
    }
  };
  const reshape = (key: string): void => {
    if (!retyped.has(key) && !dropped.has(key)) {
      retyped.add(key);
      queue.push({ key, how: 'reshaped' });
    }
  };
  for (const key of dropped) {
    queue.push({ key, how: 'gone' });
  }
  for (const key of replaced) {
    replace(key);
  }
  for (const key of changed) {
    const [then, now] = [from.units.get(key)!, to.units.get(key)!];
    if (!canAlter(then, now, major)) {
      replace(key);
    } else if (now.kind === 'column' && isReshaped((then as Unit<'column'>).object, now.object)) {
      queue.push({ key, how: 'reshaped' });
    }
  }
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { key, how } = next;
    for (const user of graph.users(key)) {
      if (dropped.has(user) || !to.units.has(user)) {
        continue;
      }
      const effect = effectOn(from.units.get(user)!, from.units.get(key)!, how, {
        from,
        to,
        changed,
        uses: graph.uses,
      });
      if (effect === 'replace') {
        replace(user);
      } else if (effect === 'reshape') {
        reshape(user);
      }
    }
  }
  for (const key of dropped) {
    if (to.units.has(key)) {
      created.add(key);
    }
  }
  const altered = new Set([...changed, ...retyped].filter((key) => !dropped.has(key)));
  return { dropped, created, altered, retyped, uses: graph.uses, users: graph.users };
}

type Graph = Pick<Difference, 'uses' | 'users'>;

const EMPTY: ReadonlySet<string> = new Set();
const NO_GRAPH: Graph = { uses: () => EMPTY, users: () => [] };

function useGraph(from: Inventory, to: Inventory): Graph {
  const users = new Map<string, string[]>();
  const fromUses = new Map<string, ReadonlySet<string>>();
  const toUses = new Map<string, ReadonlySet<string>>();
  for (const one of from.units.values()) {
    const uses = usesOf(one, from);
    fromUses.set(one.key, uses);
    for (const used of uses) {
      const list = users.get(used);
      if (list) {
        list.push(one.key);
      } else {
        users.set(used, [one.key]);
      }
    }
  }
  return {
    users: (key) => users.get(key) ?? [],
    uses: (key, side) => {
      if (side === 'from') {
        return fromUses.get(key) ?? EMPTY;
      }
      let uses = toUses.get(key);
      if (uses === undefined) {
        const one = to.units.get(key);
        uses = one ? usesOf(one, to) : EMPTY;
        toUses.set(key, uses);
      }
      return uses;
    },
  };
}

function changedUnits(from: Inventory, to: Inventory, options: ComparisonOptions): Set<string> {
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

function isReshaped(then: Column, now: Column): boolean {
  return then.type !== now.type || then.collation !== now.collation;
}

interface Surroundings {
  readonly from: Inventory;
  readonly to: Inventory;
  readonly changed: ReadonlySet<string>;
  readonly uses: Difference['uses'];
}

/** What becomes of a unit that uses one that goes, or whose type changes. */
function effectOn(
  user: Unit,
  used: Unit,
  how: 'gone' | 'reshaped',
  { from, to, changed, uses }: Surroundings,
): 'replace' | 'reshape' | 'nothing' {
  if (how === 'reshaped') {
    return effectOfReshaping(user, used, { from, to });
  }
  const isStillUsed = uses(user.key, 'to').has(used.key);
  if (changed.has(user.key) && !isStillUsed && user.kind !== 'attachment' && user.kind !== 'inheritance') {
    // Its change takes the use away.
    return 'nothing';
  }
  switch (user.kind) {
    case 'column': {
      const generated = user.object.generated;
      return used.kind === 'type' && !generated ? 'reshape' : 'replace';
    }
    case 'sequence':
    case 'extension':
    case 'publication':
    case 'default privileges':
      return 'nothing';
    case 'table':
      return used.kind === 'column' || used.kind === 'foreign server' || used.kind === 'schema'
        ? 'replace'
        : 'nothing';
    default:
      return 'replace';
  }
}

/** The kinds of which PostgreSQL refuses to change the type of a column that they use. */
const TIED_TO_TYPES: ReadonlySet<string> = new Set([
  'view',
  'rule',
  'policy',
  'trigger',
  'routine',
  'default',
  'published table',
]);

function effectOfReshaping(
  user: Unit,
  used: Unit,
  { from, to }: Pick<Surroundings, 'from' | 'to'>,
): 'replace' | 'nothing' {
  if (TIED_TO_TYPES.has(user.kind)) {
    return user.kind === 'published table' && !user.object.table.where ? 'nothing' : 'replace';
  }
  if (user.kind === 'column') {
    return user.object.generated ? 'replace' : 'nothing';
  }
  if (user.kind === 'table') {
    return 'replace';
  }
  const [then, now] = [from, to].map(({ units }) => (units.get(used.key) as Unit<'column'>).object) as [
    Column,
    Column,
  ];
  const isFarFrom =
    then.type === now.type ? then.collation === now.collation : !isSameFamily(then.type, now.type);
  return (user.kind === 'constraint' || user.kind === 'index') && isFarFrom ? 'replace' : 'nothing';
}

/** The columns of the parents that a table's column follows. */
export function carriersOf(one: Unit<'column' | 'default'>, inventory: Inventory): string[] {
  const relation = one.relation;
  if (relation?.kind !== 'table') {
    return [];
  }
  return parentsOf(relation)
    .map(({ schema, name }) => keyOf(one.kind, [schema, name, one.path[2]!]))
    .filter((key) => inventory.units.has(key));
}
