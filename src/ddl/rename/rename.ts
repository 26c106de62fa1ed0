/**
 * Renames are not guessed: what only one schema has goes, and what only the other has comes. A caller who knows better
 * names them. Each becomes a statement, and the rest of the change starts from the schema after it. What PostgreSQL
 * rewrites by itself (views, defaults, checks that name the object) is rewritten here too, as far as names tell: where
 * that goes wrong, a definition is written once more, and nothing is lost.
 */
import type { ObjectAddress, SchemaModel } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { DDL_ERRORS } from '../errors.js';
import { relationNamed } from '../write/named.js';
import { mapped } from './mapped-model.js';
import { partRename } from './rename-part.js';
import type { Rename, Renamed, RenamedOnce } from './renamed.js';
import { replaced } from './replaced-names.js';

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
