/**
 * The locks of `drop`. Dropping takes ACCESS EXCLUSIVE on what goes and on every table that loses something with
 * it: a trigger of a foreign key, a partition, a column's default. Source: `performMultipleDeletions` and the
 * `Remove…ById` functions of PostgreSQL's catalogue code.
 */
import { defaultPartition } from './alter-table-effects.js';
import type { RelationFacts } from './catalog-facts.js';
import { type EffectContext, factsOf, type RelationEffect, touch } from './effect.js';
import type { NodeBody } from './node.js';
import { partsOf, type RelationName, relationOfParts } from './relation-name.js';

export function dropEffects(context: EffectContext, body: NodeBody<'DropStmt'>): readonly RelationEffect[] {
  const cascade = body.behavior === 'DROP_CASCADE';
  return (body.objects ?? []).flatMap((object) => {
    const parts = partsOf(object);
    switch (body.removeType) {
      case 'OBJECT_TABLE':
      case 'OBJECT_FOREIGN_TABLE':
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW':
        return droppedRelation(context, relationOfParts(parts), cascade);
      case 'OBJECT_INDEX':
        return droppedIndex(context, relationOfParts(parts), body.concurrent === true);
      case 'OBJECT_SEQUENCE':
        return cascade ? ownerOfSequence(context, relationOfParts(parts)) : [];
      case 'OBJECT_SCHEMA':
        return cascade ? droppedSchema(context, parts[0] ?? '') : [];
      case 'OBJECT_TYPE':
      case 'OBJECT_DOMAIN':
        return cascade ? usersOfType(context, parts) : [];
      case 'OBJECT_TRIGGER':
        return touch(context, relationOfParts(parts.slice(0, -1)), 'ACCESS EXCLUSIVE', {
          descendants: 'uncertain',
        });
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE':
        return touch(context, relationOfParts(parts.slice(0, -1)), 'ACCESS EXCLUSIVE');
      case 'OBJECT_STATISTIC_EXT':
        return statisticsTable(context, relationOfParts(parts));
      default:
        return [];
    }
  });
}

/** A table, view or materialized view, and the relations at the other end of what falls with it. */
function droppedRelation(
  context: EffectContext,
  relation: RelationName,
  cascade: boolean,
): readonly RelationEffect[] {
  const facts = factsOf(context, relation);
  return [
    ...touch(context, relation, 'ACCESS EXCLUSIVE', { descendants: 'certain' }),
    ...parentTables(context, facts),
    ...(facts?.constraints ?? []).flatMap(({ references }) =>
      references ? touch(context, references, 'ACCESS EXCLUSIVE', { descendants: 'certain' }) : [],
    ),
    ...(cascade
      ? [...(facts?.referencedBy ?? []).map((reference) => reference.relation), ...(facts?.dependents ?? [])]
      : []
    ).flatMap((dependent) => touch(context, dependent, 'ACCESS EXCLUSIVE', { descendants: 'uncertain' })),
  ];
}

/** A partitioned table is locked when it loses a partition; one that is merely inherited from is not. */
function parentTables(context: EffectContext, facts: RelationFacts | undefined): readonly RelationEffect[] {
  return (facts?.parents ?? []).flatMap((parent) => {
    const parentFacts = factsOf(context, parent);
    return parentFacts?.kind === 'partitioned table'
      ? [...touch(context, parent, 'ACCESS EXCLUSIVE'), ...defaultPartition(context, parentFacts, 'no')]
      : [];
  });
}

function droppedIndex(
  context: EffectContext,
  index: RelationName,
  concurrently: boolean,
): readonly RelationEffect[] {
  const table = factsOf(context, index)?.table;
  return table === undefined
    ? []
    : touch(context, table, concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', {
        descendants: 'uncertain',
      });
}

/** The default that takes numbers from the sequence goes with it. */
function ownerOfSequence(context: EffectContext, sequence: RelationName): readonly RelationEffect[] {
  const table = factsOf(context, sequence)?.table;
  return table === undefined ? [] : touch(context, table, 'ACCESS EXCLUSIVE');
}

function droppedSchema(context: EffectContext, schema: string): readonly RelationEffect[] {
  return (context.facts?.relationsInSchema?.(schema) ?? []).flatMap((relation) => {
    const kind = factsOf(context, relation)?.kind;
    return kind === 'index' || kind === 'sequence' ? [] : droppedRelation(context, relation, true);
  });
}

function usersOfType(context: EffectContext, parts: readonly string[]): readonly RelationEffect[] {
  return (context.facts?.relationsUsingType?.(parts) ?? []).flatMap((user) =>
    touch(context, user, 'ACCESS EXCLUSIVE'),
  );
}

function statisticsTable(context: EffectContext, statistics: RelationName): readonly RelationEffect[] {
  const table = context.facts?.relationOfStatistics?.(statistics);
  return table === undefined ? [] : touch(context, table, 'SHARE UPDATE EXCLUSIVE');
}
