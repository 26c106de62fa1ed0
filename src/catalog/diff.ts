import { isDeepStrictEqual } from 'node:util';
import {
  type ObjectAddress,
  orderOf,
  ownProperties,
  partsOf,
  type SchemaModel,
  type SchemaObject,
  wholeObjectsOf,
} from '../schema/index.js';
import { type ComparisonOptions, comparable } from './comparable.js';
import { movedNames } from './moved-names.js';
import type { ObjectPresence, OrderChange, PropertyChange, SchemaDiff } from './schema-diff.js';

/**
 * Compares two models. Objects are matched by address: one that was renamed is removed and added.
 *
 * @example diff(await readSchema(before), await readSchema(after), { ignoreColumnOrder: true }).isEmpty
 */
export function diff(before: SchemaModel, after: SchemaModel, options: ComparisonOptions = {}): SchemaDiff {
  const [old, young] = indexDifferent(before, after, options);
  const both = [...young.compared].flatMap(([key, now]) => {
    const then = old.compared.get(key);
    return then ? [{ key, then, now }] : [];
  });
  const added = onlyIn(young, old);
  const removed = onlyIn(old, young);
  const changed = both.flatMap(({ key, then, now }) => {
    const properties = propertyChanges(then, now);
    return properties.length > 0
      ? [{ address: addressOf(now), properties, before: old.original(key), after: young.original(key) }]
      : [];
  });
  const reordered = both.flatMap(({ then, now }) => orderChange(then, now) ?? []);
  const isEmpty = [added, removed, changed, reordered].every(({ length }) => length === 0);
  return { isEmpty, added, removed, changed, reordered };
}

type Objects = ReadonlyMap<string, SchemaObject>;

interface ModelIndex {
  /** The objects without what does not count, by address. */
  readonly compared: Objects;
  /** The object as the model has it. */
  readonly original: (key: string) => object;
}

/** Both models without the objects that are the same in them, parts and all: of most schemas, nearly everything. */
function indexDifferent(
  before: SchemaModel,
  after: SchemaModel,
  options: ComparisonOptions,
): readonly [ModelIndex, ModelIndex] {
  const old = byAddress(wholeObjectsOf(comparable(before, options)));
  const young = byAddress(wholeObjectsOf(comparable(after, options)));
  for (const [key, now] of young) {
    const then = old.get(key);
    // Far faster than a deep comparison; equal objects that were built in another order are only looked at longer.
    if (then && JSON.stringify(then.object) === JSON.stringify(now.object)) {
      old.delete(key);
      young.delete(key);
    }
  }
  return [index(before, old), index(after, young)];
}

function index(model: SchemaModel, wholes: Objects): ModelIndex {
  const inDetail = (object: SchemaObject): SchemaObject[] =>
    wholes.has(keyOf(object)) ? [object, ...partsOf(object)] : [];
  const originals = byAddress([...wholeObjectsOf(model)].flatMap(inDetail));
  return {
    compared: byAddress([...wholes.values()].flatMap(inDetail)),
    original: (key) => originals.get(key)!.object,
  };
}

function byAddress(objects: Iterable<SchemaObject>): Map<string, SchemaObject> {
  const found = new Map<string, SchemaObject>();
  for (const object of objects) {
    found.set(keyOf(object), object);
  }
  return found;
}

/** Identifiers cannot hold the null character. */
function keyOf({ kind, path }: ObjectAddress): string {
  return `${kind}\0${path.join('\0')}`;
}

function addressOf({ kind, path }: ObjectAddress): ObjectAddress {
  return { kind, path };
}

/** The objects that `other` has not; parts of such an object go with it. */
function onlyIn(model: ModelIndex, other: ModelIndex): ObjectPresence[] {
  const found: ObjectPresence[] = [];
  for (const [key, object] of model.compared) {
    const isPartOfFound = object.parent !== undefined && !other.compared.has(keyOf(object.parent));
    if (!other.compared.has(key) && !isPartOfFound) {
      found.push({ address: addressOf(object), object: model.original(key) });
    }
  }
  return found;
}

function propertyChanges(then: SchemaObject, now: SchemaObject): PropertyChange[] {
  const [old, young] = [ownProperties(then), ownProperties(now)];
  const properties = new Set([...Object.keys(old), ...Object.keys(young)]);
  return [...properties].sort().flatMap((property) => {
    const [before, after] = [old[property], young[property]];
    return isDeepStrictEqual(before, after) ? [] : [{ property, before, after }];
  });
}

function orderChange(then: SchemaObject, now: SchemaObject): OrderChange | undefined {
  const [old, young] = [orderOf(then), orderOf(now)];
  const known = new Set(old);
  const after = young.filter((name) => known.has(name));
  const kept = new Set(after);
  const before = old.filter((name) => kept.has(name));
  const moved = movedNames(before, after);
  return moved.length > 0 ? { address: addressOf(now), moved, before, after } : undefined;
}
