/** The rows and values that insert, update, delete and merge destroy, and what foreign keys pass on from them. */
import type { Node } from 'libpg-query';
import { andBelow, type Destruction, nameInCatalog } from './destroyed.js';
import { type EffectContext, factsOf } from './effect.js';
import { bodyOf } from './node.js';
import type { RelationName } from './relation-name.js';
import { relationUses, type WritingStatement } from './relation-uses.js';

/** Insert, update, delete and merge, wherever they stand, and what foreign keys pass on. */
export function destroyedRows(context: EffectContext, node: Node): readonly Destruction[] {
  if (bodyOf(node, 'RuleStmt') || bodyOf(node, 'CreateFunctionStmt') || bodyOf(node, 'ViewStmt')) {
    return [];
  }
  return relationUses(node).flatMap(({ relation, statement, withDescendants }) => {
    const losses = statement === undefined ? [] : byWriting(context, relation, statement);
    return losses.flatMap((loss) => [
      ...(withDescendants ? andBelow(context, loss) : [loss]),
      ...behindView(context, loss),
    ]);
  });
}

/** Rows that are changed through a view are those of the tables that it reads. */
function behindView(context: EffectContext, loss: Destruction): readonly Destruction[] {
  const facts = factsOf(context, loss.relation);
  return (facts?.kind === 'view' ? (facts.reads ?? []) : []).map((base) => ({
    kind: loss.kind,
    relation: nameInCatalog(context, base),
    by: loss.by,
    certainty: 'maybe',
  }));
}

function byWriting(
  context: EffectContext,
  relation: RelationName,
  { kind, body }: WritingStatement,
): readonly Destruction[] {
  const target = nameInCatalog(context, relation);
  switch (kind) {
    case 'delete':
      return [
        { kind: 'rows', relation: target, by: 'delete', certainty: 'maybe' },
        ...byReferences(context, relation, 'onDelete', new Set()),
      ];
    case 'update':
      return [
        {
          kind: 'values',
          relation: target,
          columns: assignedColumns(body.targetList),
          by: 'update',
          certainty: 'maybe',
        },
        ...byReferences(context, relation, 'onUpdate', new Set()),
      ];
    case 'insert':
      return body.onConflictClause?.action === 'ONCONFLICT_UPDATE'
        ? [
            {
              kind: 'values',
              relation: target,
              columns: assignedColumns(body.onConflictClause.targetList),
              by: 'upsert',
              certainty: 'maybe',
            },
          ]
        : [];
    case 'merge':
      return (body.mergeWhenClauses ?? []).flatMap((clause) =>
        byMergeClause(context, relation, target, clause),
      );
  }
}

function byMergeClause(
  context: EffectContext,
  relation: RelationName,
  target: RelationName,
  clause: Node,
): readonly Destruction[] {
  const { commandType, targetList } = bodyOf(clause, 'MergeWhenClause') ?? {};
  switch (commandType) {
    case 'CMD_DELETE':
      return [
        { kind: 'rows', relation: target, by: 'merge', certainty: 'maybe' },
        ...byReferences(context, relation, 'onDelete', new Set()),
      ];
    case 'CMD_UPDATE':
      return [
        {
          kind: 'values',
          relation: target,
          columns: assignedColumns(targetList),
          by: 'merge',
          certainty: 'maybe',
        },
        ...byReferences(context, relation, 'onUpdate', new Set()),
      ];
    default:
      return [];
  }
}

function assignedColumns(targets: readonly Node[] | undefined): readonly string[] {
  return (targets ?? []).flatMap((target) => bodyOf(target, 'ResTarget')?.name ?? []);
}

/** Rows and values in tables that refer to the changed one with `cascade`, `set null` or `set default`. */
function byReferences(
  context: EffectContext,
  relation: RelationName,
  on: 'onDelete' | 'onUpdate',
  seen: Set<string>,
): readonly Destruction[] {
  const facts = factsOf(context, relation);
  const key = `${on} ${facts?.schema}.${facts?.name}`;
  if (facts === undefined || seen.has(key)) {
    return [];
  }
  seen.add(key);
  return (facts.referencedBy ?? []).flatMap((reference): readonly Destruction[] => {
    const action = reference[on];
    if (action === 'no action' || action === 'restrict') {
      return [];
    }
    const isDeleted = on === 'onDelete' && action === 'cascade';
    return [
      {
        kind: isDeleted ? 'rows' : 'values',
        relation: nameInCatalog(context, reference.relation),
        ...(isDeleted ? {} : { columns: reference.columns }),
        by: 'cascade',
        certainty: 'maybe',
      },
      ...byReferences(context, reference.relation, isDeleted ? 'onDelete' : 'onUpdate', seen),
    ];
  });
}
