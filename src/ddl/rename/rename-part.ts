import type { SchemaModel, Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { relationNamed } from '../write/named.js';
import { mapped } from './mapped-model.js';
import type { Rename, RenamedOnce } from './renamed.js';
import { replaced } from './replaced-names.js';

/** A column, constraint, index, trigger or policy of a table. */
export function partRename(model: SchemaModel, rename: Rename): RenamedOnce | undefined {
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
