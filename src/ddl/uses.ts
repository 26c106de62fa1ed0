/** What a unit uses: the units that must be there before it, and that cannot go while it is there. */
import type { Column, Constraint, DataType, ForeignKey, Routine, Table, View } from '../schema/index.js';
import type { Inventory } from './inventory.js';
import { namesIn } from './names.js';
import { keyOf, type Unit } from './unit.js';

/** The keys of the units that `one` uses, those of its own kind of parts left out. */
export function usesOf(one: Unit, inventory: Inventory): ReadonlySet<string> {
  const found = new Set<string>(directUses(one, inventory));
  const own = one.relation;
  const relations = own ? [own] : [];
  const texts = textsOf(one);
  for (const text of texts) {
    for (const name of namesIn(text).qualified) {
      for (const used of inventory.named.get(name) ?? []) {
        found.add(used.key);
        if (used.kind === 'table') {
          relations.push(used.object);
        }
      }
    }
  }
  if (READS_COLUMNS.has(one.kind)) {
    addColumns(texts, relations, found, inventory);
  }
  found.delete(one.key);
  return found;
}

/** Those whose texts name columns; in the others every word that looks like one is something else. */
const READS_COLUMNS: ReadonlySet<string> = new Set([
  'view',
  'rule',
  'policy',
  'trigger',
  'routine',
  'constraint',
  'index',
  'statistics',
  'column',
  'published table',
]);

function addColumns(
  texts: readonly string[],
  relations: readonly (Table | View)[],
  found: Set<string>,
  inventory: Inventory,
): void {
  for (const relation of relations) {
    if (relation.kind !== 'table') {
      continue;
    }
    for (const text of texts) {
      const { words, hasWholeRows } = namesIn(text);
      for (const { name } of relation.columns) {
        if (hasWholeRows || words.has(name)) {
          found.add(keyOf('column', [relation.schema, relation.name, name]));
        }
      }
      if (words.has('GROUP')) {
        addPrimaryKey(relation, found, inventory);
      }
    }
  }
}

/** A query that groups by the primary key needs it for the columns that it does not group by. */
function addPrimaryKey(table: Table, found: Set<string>, inventory: Inventory): void {
  const primary = table.constraints.find(({ kind }) => kind === 'primary key');
  const key = primary && keyOf('constraint', [table.schema, table.name, primary.name]);
  if (key !== undefined && inventory.units.has(key)) {
    found.add(key);
  }
}

function directUses(one: Unit, inventory: Inventory): string[] {
  const own =
    one.relation &&
    keyOf(one.relation.kind === 'table' ? 'table' : 'view', [one.relation.schema, one.relation.name]);
  const ofRelation = own === undefined ? [] : [own];
  const columns = (names: readonly string[]): string[] =>
    names.map((name) => keyOf('column', [one.relation!.schema, one.relation!.name, name]));
  switch (one.kind) {
    case 'extension':
    case 'type':
    case 'sequence':
    case 'view':
    case 'routine':
      return [keyOf('schema', [one.object.schema])];
    case 'table':
      return [
        keyOf('schema', [one.object.schema]),
        ...(one.object.foreign ? [keyOf('foreign server', [one.object.foreign.server])] : []),
        ...(one.object.partitionBy?.columns ?? []).map((name) => keyOf('column', [...one.path, name])),
      ];
    case 'default':
      return [...ofRelation, keyOf('column', one.path)];
    case 'backing index':
      return [keyOf('constraint', [...one.path.slice(0, 2), one.object.constraint!])];
    case 'constraint':
      return [...ofRelation, ...columns(one.object.columns), ...constraintUses(one.object, inventory)];
    case 'index':
      return [
        ...ofRelation,
        ...(one.relation!.kind === 'table'
          ? columns([...one.object.keys.flatMap(({ column }) => column ?? []), ...(one.object.include ?? [])])
          : []),
      ];
    case 'statistics':
      return [
        ...ofRelation,
        keyOf('schema', [one.object.schema]),
        ...(one.relation!.kind === 'table' ? columns(one.object.columns) : []),
      ];
    case 'column':
    case 'trigger':
    case 'policy':
    case 'rule':
      return ofRelation;
    case 'ownership':
      return [
        keyOf('sequence', one.path),
        keyOf('table', [one.object.column.schema, one.object.column.table]),
        keyOf('column', [one.object.column.schema, one.object.column.table, one.object.column.column]),
      ];
    case 'attachment':
      return [...ofRelation, keyOf('table', [one.object.schema, one.object.name])];
    case 'inheritance':
      return [...ofRelation, ...one.object.parents.map(({ schema, name }) => keyOf('table', [schema, name]))];
    case 'foreign server':
      return [keyOf('foreign data wrapper', [one.object.wrapper])];
    case 'user mapping':
      return [keyOf('foreign server', [one.object.server])];
    case 'published table': {
      const { schema, name, columns = [] } = one.object.table;
      return [
        keyOf('publication', [one.object.publication]),
        keyOf('table', [schema, name]),
        ...columns.map((column) => keyOf('column', [schema, name, column])),
      ];
    }
    case 'published schema':
      return [keyOf('publication', [one.object.publication]), keyOf('schema', [one.object.schema])];
    case 'default privileges':
      return one.object.schema === undefined ? [] : [keyOf('schema', [one.object.schema])];
    case 'event trigger':
      return (inventory.named.get(`${one.object.function.schema}\0${one.object.function.name}`) ?? []).map(
        ({ key }) => key,
      );
    default:
      return [];
  }
}

function constraintUses(constraint: Constraint, inventory: Inventory): string[] {
  return constraint.kind === 'foreign key' ? foreignKeyUses(constraint, inventory) : [];
}

/** The table that it points to, the columns, and the key or unique index that makes them one. */
function foreignKeyUses({ references }: ForeignKey, inventory: Inventory): string[] {
  const path = [references.schema, references.table];
  const target = inventory.tables.get(path.join('\0'));
  const wanted = [...references.columns].sort().join('\0');
  const keys = (target?.constraints ?? []).filter(
    (one) =>
      (one.kind === 'primary key' || one.kind === 'unique') && [...one.columns].sort().join('\0') === wanted,
  );
  const indexes = (target?.indexes ?? []).filter(
    (one) =>
      one.unique &&
      one.constraint === undefined &&
      one.predicate === undefined &&
      one.keys
        .map(({ column }) => column ?? '')
        .sort()
        .join('\0') === wanted,
  );
  return [
    keyOf('table', path),
    ...references.columns.map((column) => keyOf('column', [...path, column])),
    ...keys.map(({ name }) => keyOf('constraint', [...path, name])),
    ...indexes.map(({ name }) => keyOf('index', [...path, name])),
  ];
}

/** The texts of PostgreSQL in which a unit names others. */
function textsOf(one: Unit): readonly string[] {
  switch (one.kind) {
    case 'type':
      return typeTexts(one.object);
    case 'table':
      return [one.object.ofType ?? '', one.object.partitionBy?.definition ?? ''];
    case 'column':
      return columnTexts(one.object);
    case 'default':
      return [one.object.expression];
    case 'constraint':
      return one.object.kind === 'check' || one.object.kind === 'exclusion' ? [one.object.definition] : [];
    case 'index':
      return [
        ...one.object.keys.flatMap(({ expression, opclass, collation }) => [
          expression ?? '',
          opclass === undefined ? '' : one.object.definition,
          collation ?? '',
        ]),
        one.object.predicate ?? '',
      ];
    case 'trigger':
    case 'rule':
    case 'view':
    case 'statistics':
      return [one.object.definition];
    case 'policy':
      return [one.object.using ?? '', one.object.withCheck ?? ''];
    case 'routine':
      return [routineText(one.object)];
    case 'published table':
      return [one.object.table.where ?? ''];
    case 'foreign data wrapper':
      return [one.object.handler ?? '', one.object.validator ?? ''];
    case 'other object':
      return [one.object.identity, one.object.definition];
    default:
      return [];
  }
}

function columnTexts({ type, collation, generated }: Column): readonly string[] {
  return [type, collation ?? '', generated?.expression ?? ''];
}

function typeTexts(type: DataType): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return [];
    case 'composite type':
      return type.attributes.flatMap(({ type, collation }) => [type, collation ?? '']);
    case 'domain':
      return [
        type.baseType,
        type.default ?? '',
        type.collation ?? '',
        ...type.constraints.map(({ definition }) => definition),
      ];
    case 'range':
      return [
        type.subtype,
        type.opclass ?? '',
        type.collation ?? '',
        type.canonical ?? '',
        type.subtypeDifference ?? '',
      ];
    case 'base type':
      return [type.input, type.output];
  }
}

/** Its head, and its body where PostgreSQL keeps that as more than text. */
function routineText({ kind, definition, result = '', signature }: Routine): string {
  return kind === 'aggregate' ? `${signature}, ${result}, ${definition}` : definition;
}
