/**
 * The model as objects with addresses: what a diff compares, and what can be said about "every object". Which lists an
 * object has and how its parts are named is written down once, here.
 */
import type { SchemaModel } from './model.js';

export type ObjectKind =
  | 'schema'
  | 'extension'
  | 'type'
  | 'attribute'
  | 'domain constraint'
  | 'sequence'
  | 'table'
  | 'view'
  | 'column'
  | 'constraint'
  | 'index'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'statistics'
  | 'routine'
  | 'event trigger'
  | 'foreign data wrapper'
  | 'foreign server'
  | 'publication'
  | 'default privileges'
  | 'other object';

/** What an object is called. No two objects of a model have the same address. */
export interface ObjectAddress {
  readonly kind: ObjectKind;
  /**
   * Exact names from the outside in: `['public', 'users', 'email']` for a column, `['public', 'add(integer, integer)']`
   * for a routine.
   */
  readonly path: readonly string[];
}

/** The address as a person reads it, e.g. `column public.users.email`. */
export function addressText({ kind, path }: ObjectAddress): string {
  return `${kind} ${path.join('.')}`;
}

type Properties = Readonly<Record<string, unknown>>;

export interface SchemaObject extends ObjectAddress {
  /** The object as it stands in the model, its parts included. */
  readonly object: object;
  /** The object that it is a part of. */
  readonly parent: SchemaObject | undefined;
}

/** Every object of the model, each before its parts. */
export function* objectsOf(model: SchemaModel): Generator<SchemaObject> {
  for (const object of wholeObjectsOf(model)) {
    yield object;
    yield* partsOf(object);
  }
}

/** The objects that are a part of none. */
export function* wholeObjectsOf(model: SchemaModel): Generator<SchemaObject> {
  for (const list of MODEL_LISTS) {
    yield* objectsIn(model, list, undefined);
  }
}

/** The parts of an object, and their parts, each before its own. */
export function* partsOf(object: SchemaObject): Generator<SchemaObject> {
  for (const list of PARTS[object.kind] ?? []) {
    for (const part of objectsIn(object.object, list, object)) {
      yield part;
      yield* partsOf(part);
    }
  }
}

interface ObjectList {
  /** The property that holds the list. */
  readonly property: string;
  readonly kind: ObjectKind;
  readonly pathOf: (object: Properties, parentPath: readonly string[]) => readonly string[];
  readonly isOrdered?: boolean;
}

function* objectsIn(
  holder: object,
  { property, kind, pathOf }: ObjectList,
  parent: SchemaObject | undefined,
): Generator<SchemaObject> {
  for (const object of listOf(holder, property)) {
    yield { kind, path: pathOf(object, parent?.path ?? []), object, parent };
  }
}

function listOf(holder: object, property: string): readonly Properties[] {
  return ((holder as Properties)[property] ?? []) as readonly Properties[];
}

/** An object's own properties: all but the lists of its parts. */
export function ownProperties({ kind, object }: SchemaObject): Properties {
  const lists = new Set(PARTS[kind]?.map(({ property }) => property));
  return Object.fromEntries(Object.entries(object).filter(([property]) => !lists.has(property)));
}

/** The names of the parts whose order means something: the columns of a table, the attributes of a type. */
export function orderOf({ kind, object }: SchemaObject): string[] {
  const lists = (PARTS[kind] ?? []).filter(({ isOrdered }) => isOrdered);
  return lists.flatMap(({ property }) => listOf(object, property).map(nameOf));
}

type PathOf = ObjectList['pathOf'];

const nameOf = ({ name }: Properties): string => String(name);
const named: PathOf = (object, parentPath) => [...parentPath, nameOf(object)];
const qualified: PathOf = (object) => [String(object.schema), nameOf(object)];

const VIEW_PARTS: readonly ObjectList[] = [
  { property: 'columns', kind: 'column', pathOf: named, isOrdered: true },
  { property: 'indexes', kind: 'index', pathOf: named },
  { property: 'triggers', kind: 'trigger', pathOf: named },
  { property: 'rules', kind: 'rule', pathOf: named },
  {
    property: 'statistics',
    kind: 'statistics',
    // They are in a schema of their own, which need not be the table's.
    pathOf: (object, parentPath) => [...parentPath, String(object.schema), nameOf(object)],
  },
];

const PARTS: { readonly [Kind in ObjectKind]?: readonly ObjectList[] } = {
  table: [
    ...VIEW_PARTS,
    { property: 'constraints', kind: 'constraint', pathOf: named },
    { property: 'policies', kind: 'policy', pathOf: named },
    // In a folded model.
    { property: 'partitions', kind: 'table', pathOf: qualified },
  ],
  view: VIEW_PARTS,
  type: [
    { property: 'attributes', kind: 'attribute', pathOf: named, isOrdered: true },
    { property: 'constraints', kind: 'domain constraint', pathOf: named },
  ],
};

const MODEL_LISTS: readonly ObjectList[] = [
  { property: 'schemas', kind: 'schema', pathOf: named },
  { property: 'extensions', kind: 'extension', pathOf: named },
  { property: 'types', kind: 'type', pathOf: qualified },
  { property: 'sequences', kind: 'sequence', pathOf: qualified },
  { property: 'tables', kind: 'table', pathOf: qualified },
  { property: 'views', kind: 'view', pathOf: qualified },
  {
    property: 'routines',
    kind: 'routine',
    pathOf: ({ schema, name, signature }) => [String(schema), `${name}(${signature})`],
  },
  { property: 'eventTriggers', kind: 'event trigger', pathOf: named },
  { property: 'foreignDataWrappers', kind: 'foreign data wrapper', pathOf: named },
  { property: 'foreignServers', kind: 'foreign server', pathOf: named },
  { property: 'publications', kind: 'publication', pathOf: named },
  {
    property: 'defaultPrivileges',
    kind: 'default privileges',
    pathOf: ({ role, schema, objects }) => [String(role), String(schema ?? '*'), String(objects)],
  },
  {
    property: 'others',
    kind: 'other object',
    pathOf: ({ kind, identity }) => [String(kind), String(identity)],
  },
];
