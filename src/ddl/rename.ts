/**
 * Renames are not guessed: what only one schema has goes, and what only the other has comes. A caller who knows better
 * names them. Each becomes a statement, and the rest of the change starts from the schema after it. What PostgreSQL
 * rewrites by itself (views, defaults, checks that name the object) is rewritten here too, as far as names tell: where
 * that goes wrong, a definition is written once more, and nothing is lost.
 */
import type { ObjectAddress, SchemaModel, Table } from '../schema/index.js';
import { lex, qualifiedName, quoteIdentifier } from '../sql/index.js';
import { DDL_ERRORS } from './errors.js';
import { relationNamed } from './write/named.js';

export interface Rename {
  /** The old name from the outside in: `['public', 'users']`, `['public', 'users', 'email']`; one part for a schema. */
  readonly path: readonly string[];
  /** The new name, without what it is in. */
  readonly to: string;
}

export interface Renamed {
  readonly model: SchemaModel;
  readonly statements: readonly { readonly text: string; readonly about: ObjectAddress }[];
}

/** @throws DDL_RENAME_UNKNOWN when there is nothing of the name to rename */
export function withRenames(model: SchemaModel, renames: readonly Rename[]): Renamed {
  const statements: { text: string; about: ObjectAddress }[] = [];
  let renamed = model;
  for (const rename of renames) {
    const one = renameOne(renamed, rename);
    statements.push(one.statement);
    renamed = one.model;
  }
  return { model: renamed, statements };
}

interface RenamedOnce {
  readonly model: SchemaModel;
  readonly statement: Renamed['statements'][number];
}

function renameOne(model: SchemaModel, rename: Rename): RenamedOnce {
  const { path, to } = rename;
  const found =
    path.length === 1
      ? schemaRename(model, rename)
      : path.length === 2
        ? wholeRename(model, rename)
        : partRename(model, rename);
  if (!found) {
    throw DDL_ERRORS.RENAME_UNKNOWN({
      message: `Cannot rename ${path.join('.')} to ${to}: the first schema has nothing of that name`,
      details: { path, to },
    });
  }
  return found;
}

function schemaRename(model: SchemaModel, { path: [old], to }: Rename): RenamedOnce | undefined {
  if (!model.schemas.some(({ name }) => name === old)) {
    return undefined;
  }
  const renamed = mapped(model, {
    // Every `schema` property, and every qualified name, speaks of it.
    text: (text) =>
      replaced(
        text,
        ([schema, dot]) => schema === old && dot === '.',
        () => to,
      ),
    object: (object) => ({
      ...object,
      ...(object.schema === old ? { schema: to } : {}),
      ...(object.kind === 'schema' && object.name === old ? { name: to } : {}),
    }),
  });
  return {
    model: renamed,
    statement: {
      text: `alter schema ${quoteIdentifier(old!)}\n  rename to ${quoteIdentifier(to)}`,
      about: { kind: 'schema', path: [old!] },
    },
  };
}

/** The lists of objects that have a schema, with the words and the kind of address of each. */
function wholeRename(model: SchemaModel, { path, to }: Rename): RenamedOnce | undefined {
  const [schema, old] = path as [string, string];
  const is = (one: { readonly schema: string; readonly name: string }): boolean =>
    one.schema === schema && one.name === old;
  const relation = [...model.tables, ...model.views].find(is);
  const type = model.types.find(is);
  const sequence = model.sequences.find(is);
  const kind = relation
    ? relation.kind === 'table'
      ? 'table'
      : 'view'
    : type
      ? 'type'
      : sequence
        ? 'sequence'
        : undefined;
  if (kind === undefined) {
    return undefined;
  }
  const words = relation ? relationNamed(relation) : `${kind} ${qualifiedName(schema, old)}`;
  const renamed = mapped(model, {
    text: (text) =>
      replaced(
        text,
        ([name], [before, dot]) => name === old && dot === '.' && before === schema,
        () => to,
      ),
    object: (object) => ({
      ...object,
      ...(object.schema === schema && object.name === old ? { name: to } : {}),
      ...(object.schema === schema && object.table === old ? { table: to } : {}),
      ...(object.schema === schema && object.name === old && object.reference
        ? { reference: qualifiedName(schema, to) }
        : {}),
    }),
  });
  return {
    model: renamed,
    statement: { text: `alter ${words}\n  rename to ${quoteIdentifier(to)}`, about: { kind, path } },
  };
}

function partRename(model: SchemaModel, rename: Rename): RenamedOnce | undefined {
  const [schema, relationName, old] = rename.path as [string, string, string];
  const table = model.tables.find((one) => one.schema === schema && one.name === relationName);
  if (!table) {
    return undefined;
  }
  if (table.columns.some(({ name }) => name === old)) {
    return columnRename(model, table, rename);
  }
  const isNamed = ({ name }: { readonly name: string }): boolean => name === old;
  const kind = table.constraints.some(isNamed)
    ? 'constraint'
    : table.indexes.some(isNamed)
      ? 'index'
      : table.triggers.some(isNamed)
        ? 'trigger'
        : table.policies.some(isNamed)
          ? 'policy'
          : undefined;
  if (kind === undefined) {
    return undefined;
  }
  const own = quoteIdentifier(old);
  const name = quoteIdentifier(rename.to);
  const text = {
    constraint: `alter table ${qualifiedName(schema, relationName)}\n  rename constraint ${own} to ${name}`,
    index: `alter index ${qualifiedName(schema, old)}\n  rename to ${name}`,
    trigger: `alter trigger ${own} on ${qualifiedName(schema, relationName)}\n  rename to ${name}`,
    policy: `alter policy ${own} on ${qualifiedName(schema, relationName)}\n  rename to ${name}`,
  }[kind];
  return {
    model: withTable(model, table, partRenamed(table, old, rename.to)),
    statement: { text, about: { kind, path: rename.path } },
  };
}

/** A constraint and the index behind it have one name. */
function partRenamed(table: Table, old: string, to: string): Table {
  const own = <
    Part extends {
      readonly name: string;
      readonly definition?: string;
      readonly constraint?: string | undefined;
    },
  >(
    parts: readonly Part[],
  ): Part[] =>
    parts.map((part) =>
      part.name === old
        ? {
            ...part,
            name: to,
            ...(part.constraint === old ? { constraint: to } : {}),
            ...(part.definition === undefined
              ? {}
              : {
                  definition: replaced(
                    part.definition,
                    ([name], [, before]) => name === old && before !== '.',
                    () => to,
                  ),
                }),
          }
        : part,
    );
  return {
    ...table,
    constraints: own(table.constraints),
    indexes: own(table.indexes),
    triggers: own(table.triggers),
    policies: own(table.policies),
  };
}

function columnRename(model: SchemaModel, table: Table, { path, to }: Rename): RenamedOnce {
  const [schema, name, old] = path as [string, string, string];
  const inText = (text: string): string =>
    replaced(
      text,
      ([word]) => word === old,
      () => to,
    );
  const inNames = (names: readonly string[]): string[] => names.map((one) => (one === old ? to : one));
  const ofTable = mapped(table as unknown as SchemaModel, {
    text: inText,
    object: (object) => ({
      ...object,
      ...(object.kind === 'column' && object.name === old ? { name: to } : {}),
      ...(object.column === old ? { column: to } : {}),
      ...Object.fromEntries(
        ['columns', 'include', 'onDeleteColumns']
          .filter((list) => Array.isArray(object[list]) && typeof (object[list] as unknown[])[0] === 'string')
          .map((list) => [list, inNames(object[list] as string[])]),
      ),
    }),
  }) as unknown as Table;
  const mentions = (text: string): boolean => text.includes(qualifiedName(schema, name));
  const elsewhere = mapped(withTable(model, table, ofTable), {
    text: (text) => text,
    object: (object) => ({
      ...object,
      ...(object.schema === schema && object.table === name && object.column === old ? { column: to } : {}),
      ...(object.schema === schema && object.table === name && Array.isArray(object.columns)
        ? { columns: inNames(object.columns as string[]) }
        : {}),
      ...(typeof object.definition === 'string' &&
      object.kind !== 'index' &&
      object.kind !== 'aggregate' &&
      mentions(object.definition)
        ? { definition: inText(object.definition) }
        : {}),
    }),
  });
  return {
    model: elsewhere,
    statement: {
      text: `alter ${relationNamed(table)}\n  rename column ${quoteIdentifier(old)} to ${quoteIdentifier(to)}`,
      about: { kind: 'column', path },
    },
  };
}

function withTable(model: SchemaModel, table: Table, renamed: Table): SchemaModel {
  return { ...model, tables: model.tables.map((one) => (one === table ? renamed : one)) };
}

interface Mapping {
  readonly text: (text: string) => string;
  readonly object: (object: Readonly<Record<string, unknown>>) => object;
}

/** The properties that hold SQL of the catalogue. */
const TEXTS: ReadonlySet<string> = new Set([
  'definition',
  'expression',
  'default',
  'type',
  'using',
  'withCheck',
  'predicate',
  'where',
  'baseType',
  'subtype',
  'reference',
  'ofType',
  'signature',
  'arguments',
  'result',
  'identity',
]);

function mapped(model: SchemaModel, mapping: Mapping): SchemaModel {
  const visit = (value: unknown, property: string): unknown => {
    if (typeof value === 'string') {
      return TEXTS.has(property) ? mapping.text(value) : value;
    }
    if (Array.isArray(value)) {
      return value.map((one) => visit(one, ''));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const copy = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, key)]));
    return mapping.object(copy);
  };
  return visit(model, '') as SchemaModel;
}

type Neighbours = readonly [first: string | undefined, second: string | undefined];

/** The text with other names for the identifiers that are meant: each is shown with what follows and what stands before. */
function replaced(
  text: string,
  isMeant: (own: Neighbours, before: Neighbours) => boolean,
  nameOf: () => string,
): string {
  const tokens = lex(text);
  const values = tokens.map(({ kind, start, end }) => {
    const source = text.slice(start, end);
    return kind === 'quoted-word' ? source.slice(1, -1).replaceAll('""', '"') : source;
  });
  let result = '';
  let done = 0;
  for (const [place, { kind, start, end }] of tokens.entries()) {
    const isName = kind === 'word' || kind === 'quoted-word';
    if (isName && isMeant([values[place], values[place + 1]], [values[place - 2], values[place - 1]])) {
      result += text.slice(done, start) + quoteIdentifier(nameOf());
      done = end;
    }
  }
  return result + text.slice(done);
}
