/**
 * Objects that one schema calls otherwise than the next. No comparison can tell a renamed object from one that was
 * dropped and another that was made, so people say it. What is renamed is renamed for real on a throwaway database,
 * for its name is also in the definitions of others.
 */
import { readSchema } from '../catalog/index.js';
import { withSession } from '../database/index.js';
import type { SchemaStatement } from '../ddl/index.js';
import { type ObjectKind, objectsOf, type SchemaModel, type SchemaObject } from '../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../sql/index.js';
import { COMPARE_ERRORS } from './errors.js';
import { withSchemaOf } from './made-from.js';
import type { SchemaSource } from './schema-source.js';
import type { WhatCounts } from './what-counts.js';
import type { Workshop } from './workshop.js';

/** What leads from the names of one schema to those of the next, and back. */
export interface Renaming {
  readonly up: readonly SchemaStatement[];
  readonly down: readonly SchemaStatement[];
}

export const NO_RENAMING: Renaming = { up: [], down: [] };

export interface Renamed {
  /** The schema under its new names. */
  readonly model: SchemaModel;
  readonly renaming: Renaming;
}

/**
 * The schema with what `renames` say, each as `shop.customers.mail=email`.
 * @throws COMPARE_RENAME_UNKNOWN
 */
export async function renamed(
  from: { readonly source: SchemaSource; readonly model: SchemaModel },
  renames: readonly string[],
  workshop: Workshop,
  what: WhatCounts & { readonly schemas?: readonly string[] },
): Promise<Renamed> {
  const pairs = renames.map((rename) => renamingOf(from.model, rename));
  const renaming = {
    up: pairs.map(({ up }) => up),
    down: pairs.map(({ down }) => down).reverse(),
  };
  const model = await withSchemaOf(from, workshop, what, (database) =>
    withSession(database, async (session) => {
      await session.run(renaming.up.map(({ text }) => text).join(';\n'));
      return await readSchema(session, what.schemas ? { schemas: what.schemas } : {});
    }),
  );
  return { model, renaming };
}

function renamingOf(model: SchemaModel, rename: string): { up: SchemaStatement; down: SchemaStatement } {
  const [, old = '', given = ''] = /^(.+?)=(.+)$/s.exec(rename) ?? [];
  const object = objectNamed(model, old);
  if (!object) {
    throw COMPARE_ERRORS.RENAME_UNKNOWN({
      message: `Cannot take '${rename}' for a renaming: the first schema has no ${old || 'such object'}`,
      details: { rename },
    });
  }
  const prefix = `${object.path.slice(0, -1).join('.')}.`;
  const name = given.startsWith(prefix) ? given.slice(prefix.length) : given;
  const oldName = object.path.at(-1)!.replace(/\(.*$/s, '');
  return {
    up: statement(object, oldName, name),
    down: statement(renamedObject(object, name), name, oldName),
  };
}

/** Kinds that can be renamed, those first that are meant where others have the same name. */
const KINDS: readonly ObjectKind[] = [
  'schema',
  'table',
  'view',
  'sequence',
  'type',
  'routine',
  'column',
  'attribute',
  'constraint',
  'index',
  'trigger',
  'policy',
];

function objectNamed(model: SchemaModel, name: string): SchemaObject | undefined {
  const found = [...objectsOf(model)].filter(({ kind, path }) => {
    const text = path.join('.');
    return (
      KINDS.includes(kind) && (text === name || (kind === 'routine' && text.replace(/\(.*$/s, '') === name))
    );
  });
  return found.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))[0];
}

function renamedObject(object: SchemaObject, name: string): SchemaObject {
  const last = object.path.at(-1)!.replace(/^[^(]*/s, name);
  return { ...object, path: [...object.path.slice(0, -1), last] };
}

function statement(object: SchemaObject, from: string, to: string): SchemaStatement {
  const { kind, path } = object;
  const isOfTable = ['table', 'view', 'column', 'constraint'].includes(kind);
  const relation = path.slice(0, 2).join('.');
  return {
    text: renameText(object, quoteIdentifier(from), quoteIdentifier(to)),
    action: 'rename',
    about: { kind, path },
    hazards: isOfTable
      ? [
          {
            kind: 'blocks reads',
            relation,
            certainty: 'yes',
            reason: `Nobody reads or writes ${relation} while ACCESS EXCLUSIVE is held, and programs that know the old name fail afterwards.`,
          },
        ]
      : [],
  };
}

function renameText({ kind, path, object, parent }: SchemaObject, from: string, to: string): string {
  const [schema, name] = path;
  const own = qualifiedName(schema, name);
  const words = wordsOf(parent ?? { kind, object });
  switch (kind) {
    case 'schema':
      return `alter schema ${from} rename to ${to}`;
    case 'column':
    case 'attribute':
    case 'constraint':
      return `alter ${words} ${own} rename ${kind} ${from} to ${to}`;
    case 'index':
      return `alter index ${qualifiedName(schema)}.${from} rename to ${to}`;
    case 'trigger':
    case 'policy':
      return `alter ${kind} ${from} on ${own} rename to ${to}`;
    case 'routine':
      return `alter routine ${qualifiedName(schema)}.${from}${/\(.*$/s.exec(name!)?.[0] ?? ''} rename to ${to}`;
    default:
      return `alter ${words} ${own} rename to ${to}`;
  }
}

/** The words by which SQL calls the kind of object. */
function wordsOf({ kind, object }: Pick<SchemaObject, 'kind' | 'object'>): string {
  const exact = (object as { readonly kind?: string }).kind;
  return kind === 'view' ? exact! : kind === 'type' ? (exact === 'domain' ? 'domain' : 'type') : kind;
}
