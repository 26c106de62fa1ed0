/** A model's units with what each of them uses. */
import type { SchemaModel, Table } from '../schema/index.js';
import { type Unit, unit, unitsOfRelation } from './unit.js';

export interface Inventory {
  readonly model: SchemaModel;
  readonly units: ReadonlyMap<string, Unit>;
  /** The units that a `schema\0name` may mean: relations, types, routines, operators, … */
  readonly named: ReadonlyMap<string, readonly Unit[]>;
  /** By `schema\0name`. */
  readonly tables: ReadonlyMap<string, Table>;
  /** The partitions of a table, and the tables that inherit from it, by its `schema\0name`. */
  readonly children: ReadonlyMap<string, readonly Table[]>;
}

/** `standAlone` holds the tables, by `schema\0name`, that change their parents. */
export function inventoryOf(model: SchemaModel, standAlone: ReadonlySet<string> = new Set()): Inventory {
  const units = new Map<string, Unit>();
  const named = new Map<string, Unit[]>();
  const tables = new Map<string, Table>();
  const children = new Map<string, Table[]>();
  const name = (schema: string, own: string, one: Unit): void => {
    push(named, `${schema}\0${own}`, one);
  };
  for (const one of unitsOf(model, standAlone)) {
    units.set(one.key, one);
    switch (one.kind) {
      case 'table':
        tables.set(`${one.object.schema}\0${one.object.name}`, one.object);
        for (const parent of parentsOf(one.object)) {
          push(children, `${parent.schema}\0${parent.name}`, one.object);
        }
        name(one.object.schema, one.object.name, one);
        break;
      case 'view':
      case 'sequence':
      case 'type':
      case 'routine':
        name(one.object.schema, one.object.name, one);
        if (one.kind === 'type' && one.object.kind === 'range') {
          name(one.object.schema, one.object.multirange, one);
        }
        break;
      case 'other object':
        nameOther(one, name);
        break;
    }
  }
  return { model, units, named, tables, children };
}

/** The tables of both models whose parents are others, or other partitions of them. */
export function tablesChangingParents(from: SchemaModel, to: SchemaModel): ReadonlySet<string> {
  const parentage = (table: Table): string => JSON.stringify([table.partitionOf, table.inherits]);
  const before = new Map(from.tables.map((table) => [`${table.schema}\0${table.name}`, parentage(table)]));
  const changing = to.tables.flatMap((table) => {
    const key = `${table.schema}\0${table.name}`;
    const then = before.get(key);
    return then === undefined || then === parentage(table) ? [] : [key];
  });
  return new Set(changing);
}

export function parentsOf(table: Table): readonly { readonly schema: string; readonly name: string }[] {
  return table.partitionOf ? [table.partitionOf] : (table.inherits ?? []);
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) {
    list.push(value);
  } else {
    lists.set(key, [value]);
  }
}

/** An identity begins with the name where the object is in a schema: `app.german`, `app.@@@(integer,integer)`. */
function nameOther(one: Unit<'other object'>, name: (schema: string, own: string, one: Unit) => void): void {
  const match = /^("(?:[^"]|"")+"|[^\s".(]+)\.("(?:[^"]|"")+"|[^\s"(]+)/.exec(one.object.identity);
  if (match) {
    name(unquoted(match[1]!), unquoted(match[2]!), one);
  }
}

function unquoted(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}

function* unitsOf(model: SchemaModel, standAlone: ReadonlySet<string>): Generator<Unit> {
  for (const schema of model.schemas) {
    yield unit('schema', [schema.name], schema);
  }
  for (const extension of model.extensions) {
    yield unit('extension', [extension.name], extension);
  }
  for (const type of model.types) {
    yield unit('type', [type.schema, type.name], type);
  }
  for (const sequence of model.sequences) {
    const path = [sequence.schema, sequence.name];
    yield unit('sequence', path, sequence);
    if (sequence.ownedBy) {
      yield unit('ownership', path, { sequence, column: sequence.ownedBy });
    }
  }
  for (const relation of [...model.tables, ...model.views]) {
    yield* unitsOfRelation(relation, standAlone.has(`${relation.schema}\0${relation.name}`));
  }
  for (const routine of model.routines) {
    yield unit('routine', [routine.schema, `${routine.name}(${routine.signature})`], routine);
  }
  yield* databaseUnits(model);
}

/** What belongs to the database as a whole. */
function* databaseUnits(model: SchemaModel): Generator<Unit> {
  for (const trigger of model.eventTriggers) {
    yield unit('event trigger', [trigger.name], trigger);
  }
  for (const wrapper of model.foreignDataWrappers) {
    yield unit('foreign data wrapper', [wrapper.name], wrapper);
  }
  for (const server of model.foreignServers) {
    yield unit('foreign server', [server.name], server);
    for (const user of server.users ?? []) {
      yield unit('user mapping', [server.name, user], { server: server.name, user });
    }
  }
  for (const publication of model.publications) {
    const { name } = publication;
    yield unit('publication', [name], publication);
    for (const table of publication.tables) {
      yield unit('published table', [name, table.schema, table.name], { publication: name, table });
    }
    for (const schema of publication.schemas) {
      yield unit('published schema', [name, schema], { publication: name, schema });
    }
  }
  for (const privileges of model.defaultPrivileges) {
    const path = [privileges.role, privileges.schema ?? '*', privileges.objects];
    yield unit('default privileges', path, privileges);
  }
  for (const other of model.others) {
    yield unit('other object', [other.kind, other.identity], other);
  }
}
