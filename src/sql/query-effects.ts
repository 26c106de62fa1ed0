/**
 * The locks of queries and data changes. Source: PostgreSQL manual, 13.3.1; `ri_triggers.c` for foreign keys,
 * which lock rows of the other table by a query of their own. What triggers do is not seen.
 */
import type { Node } from 'libpg-query';
import type { ReferentialAction } from './catalog-facts.js';
import { type EffectContext, factsOf, type RelationEffect, touch } from './effect.js';
import type { LockMode } from './lock-mode.js';
import type { RelationName } from './relation-name.js';
import { type RelationUse, type RelationUseKind, relationUses } from './relation-uses.js';

const LOCKS: Readonly<Record<RelationUseKind, LockMode>> = {
  read: 'ACCESS SHARE',
  lock: 'ROW SHARE',
  insert: 'ROW EXCLUSIVE',
  update: 'ROW EXCLUSIVE',
  delete: 'ROW EXCLUSIVE',
  merge: 'ROW EXCLUSIVE',
};

export function queryEffects(context: EffectContext, node: Node | undefined): readonly RelationEffect[] {
  return relationUses(node).flatMap((use) => useEffects(context, use));
}

/** Reading a relation, as in a query or as the source of a copy. */
export function readEffects(context: EffectContext, relation: RelationName): readonly RelationEffect[] {
  return useEffects(context, { use: 'read', relation, withDescendants: true });
}

/** Writing rows of a relation in one of the ways of a statement. */
export function writeEffects(
  context: EffectContext,
  use: 'insert' | 'update' | 'delete',
  relation: RelationName,
): readonly RelationEffect[] {
  return useEffects(context, { use, relation, withDescendants: true });
}

function useEffects(
  context: EffectContext,
  { use, relation, withDescendants }: RelationUse,
): readonly RelationEffect[] {
  const facts = factsOf(context, relation);
  const lock = LOCKS[use];
  const own = touch(context, relation, lock, {
    scans: 'maybe',
    descendants: withDescendants ? 'uncertain' : 'no',
  });
  if (facts?.kind === 'view') {
    const below = (facts.reads ?? []).flatMap((base) =>
      touch(context, base, 'ACCESS SHARE', { scans: 'maybe', descendants: 'uncertain' }),
    );
    const changed = (facts.reads ?? []).flatMap((base) =>
      touch(context, base, lock, { isCertain: false, scans: 'maybe' }),
    );
    return use === 'read' ? [...own, ...below] : [...own, ...below, ...changed];
  }
  return [...own, ...referenceEffects(context, relation, use, new Set())];
}

/** What foreign keys look up in other tables when rows come, change or go. */
function referenceEffects(
  context: EffectContext,
  relation: RelationName,
  use: RelationUseKind,
  seen: Set<string>,
): readonly RelationEffect[] {
  const facts = factsOf(context, relation);
  if (facts === undefined || use === 'read' || use === 'lock' || seen.has(`${facts.schema}.${facts.name}`)) {
    return [];
  }
  seen.add(`${facts.schema}.${facts.name}`);
  const upwards = (facts.constraints ?? []).flatMap(({ references }) =>
    references && use !== 'delete' ? touch(context, references, 'ROW SHARE', { isCertain: false }) : [],
  );
  const downwards = (facts.referencedBy ?? []).flatMap(({ relation: child, onDelete, onUpdate }) => {
    const actions =
      use === 'insert'
        ? []
        : use === 'update'
          ? [onUpdate]
          : use === 'delete'
            ? [onDelete]
            : [onDelete, onUpdate];
    return actions.flatMap((action) => [
      ...touch(context, child, looksOnly(action) ? 'ROW SHARE' : 'ROW EXCLUSIVE', {
        isCertain: false,
        scans: 'maybe',
        descendants: 'uncertain',
      }),
      ...(looksOnly(action)
        ? []
        : referenceEffects(context, child, action === 'cascade' ? use : 'update', seen)),
    ]);
  });
  return [...upwards, ...downwards];
}

function looksOnly(action: ReferentialAction): boolean {
  return action === 'no action' || action === 'restrict';
}
