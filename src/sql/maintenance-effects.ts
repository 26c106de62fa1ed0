/** The locks of `vacuum`, `analyze`, `cluster`, `reindex`, `refresh` and `truncate`. Source: PostgreSQL manual, 13.3.1. */
import type { Node } from 'libpg-query';
import { type EffectContext, factsOf, type RelationEffect, touch } from './effect.js';
import { bodyOf, type NodeBody } from './node.js';
import { readEffects } from './query-effects.js';
import { type RelationName, relationOf } from './relation-name.js';

export function vacuumEffects(
  context: EffectContext,
  body: NodeBody<'VacuumStmt'>,
): readonly RelationEffect[] {
  const isFull = hasOption(body.options, 'full');
  return (body.rels ?? []).flatMap((node) => {
    const rangeVar = bodyOf(node, 'VacuumRelation')?.relation;
    return touch(context, relationOf(rangeVar), isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', {
      rewrites: isFull ? 'yes' : 'no',
      scans: isFull ? 'yes' : 'maybe',
      descendants: rangeVar?.inh ? 'uncertain' : 'no',
    });
  });
}

export function clusterEffects(
  context: EffectContext,
  { relation }: NodeBody<'ClusterStmt'>,
): readonly RelationEffect[] {
  return relation
    ? touch(context, relationOf(relation), 'ACCESS EXCLUSIVE', { rewrites: 'yes', descendants: 'certain' })
    : [];
}

/** The indexes themselves are locked against reading too, so that queries that would use them wait. */
export function reindexEffects(
  context: EffectContext,
  { relation, kind, params }: NodeBody<'ReindexStmt'>,
): readonly RelationEffect[] {
  const named = relationOf(relation);
  const table = kind === 'REINDEX_OBJECT_INDEX' ? factsOf(context, named)?.table : named;
  return relation === undefined || table === undefined
    ? []
    : touch(context, table, hasOption(params, 'concurrently') ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', {
        scans: 'yes',
        descendants: 'certain',
      });
}

export function refreshEffects(
  context: EffectContext,
  { relation, concurrent }: NodeBody<'RefreshMatViewStmt'>,
): readonly RelationEffect[] {
  const view = relationOf(relation);
  return [
    ...touch(context, view, concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', {
      rewrites: concurrent ? 'no' : 'yes',
      scans: 'yes',
    }),
    ...(factsOf(context, view)?.reads ?? []).flatMap((base) => readEffects(context, base)),
  ];
}

/** `truncate` gives a table a new, empty file; with `cascade`, every table that refers to it too. */
export function truncateEffects(
  context: EffectContext,
  body: NodeBody<'TruncateStmt'>,
): readonly RelationEffect[] {
  return truncatedTables(context, body).flatMap((relation) =>
    touch(context, relation, 'ACCESS EXCLUSIVE', { rewrites: 'yes', scans: 'no' }),
  );
}

/** Every table that a `truncate` empties: those named, those below them, and with `cascade` those that refer to them. */
export function truncatedTables(
  context: EffectContext,
  { relations, behavior }: NodeBody<'TruncateStmt'>,
): readonly RelationName[] {
  const emptied = (relations ?? []).flatMap((node) => {
    const rangeVar = bodyOf(node, 'RangeVar');
    const table = relationOf(rangeVar);
    return [table, ...((rangeVar?.inh && factsOf(context, table)?.descendants) || [])];
  });
  return behavior === 'DROP_CASCADE' ? referringTables(context, emptied) : emptied;
}

/** The tables and all that refer to them by foreign keys, directly or not. */
function referringTables(context: EffectContext, tables: readonly RelationName[]): readonly RelationName[] {
  const found = new Map<string, RelationName>();
  const pending = [...tables];
  for (let table = pending.pop(); table !== undefined; table = pending.pop()) {
    const facts = factsOf(context, table);
    const key = facts ? `${facts.schema}.${facts.name}` : `${table.schema ?? ''}.${table.name}`;
    if (!found.has(key)) {
      found.set(key, table);
      pending.push(...(facts?.referencedBy ?? []).map(({ relation }) => relation));
      pending.push(...(facts?.descendants ?? []));
    }
  }
  return [...found.values()];
}

/** An option of a list in parentheses; one without a value is on. */
function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((node) => {
    const { defname, arg } = bodyOf(node, 'DefElem') ?? {};
    const word = bodyOf(arg, 'String')?.sval?.toLowerCase();
    return (
      defname === name &&
      (arg === undefined || word === 'true' || word === 'on' || bodyOf(arg, 'Integer')?.ival === 1)
    );
  });
}
