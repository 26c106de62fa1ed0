/**
 * The locks of statements that create, change and drop what hangs on tables. Sources: PostgreSQL manual, 13.3.1
 * and the page of each command; the `table_open` and `RangeVarGetRelidExtended` calls of `src/backend/commands`.
 */
import type { Node } from 'libpg-query';
import { addedForeignKey, clonedForeignKeys, defaultPartition } from './alter-table-effects.js';
import { type EffectContext, factsOf, type RelationEffect, touch } from './effect.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import { queryEffects } from './query-effects.js';
import { relationOf, relationOfParts, relationsOf } from './relation-name.js';

/** A new table locks its parents, the tables that its foreign keys point to, and those that it is modelled on. */
export function createTableEffects(
  context: EffectContext,
  { inhRelations, partbound, tableElts, constraints }: NodeBody<'CreateStmt'>,
): readonly RelationEffect[] {
  const parents = relationsOf(inhRelations).flatMap((parent) => {
    const facts = factsOf(context, parent);
    return [
      ...touch(context, parent, partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE'),
      ...(partbound ? defaultPartition(context, facts, 'maybe') : []),
      ...(partbound ? clonedForeignKeys(context, facts) : []),
    ];
  });
  const elements = [...(tableElts ?? []), ...(constraints ?? [])].flatMap((element) => {
    const like = bodyOf(element, 'TableLikeClause')?.relation;
    return [
      ...(like ? touch(context, relationOf(like), 'ACCESS SHARE') : []),
      ...[element, ...(bodyOf(element, 'ColumnDef')?.constraints ?? [])].flatMap((node) =>
        addedForeignKey(context, node).map((effect) => ({ ...effect, scans: 'no' as const })),
      ),
    ];
  });
  return [...parents, ...elements];
}

export function createIndexEffects(
  context: EffectContext,
  { relation, concurrent }: NodeBody<'IndexStmt'>,
): readonly RelationEffect[] {
  return touch(context, relationOf(relation), concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', {
    scans: 'yes',
    descendants: relation?.inh ? 'certain' : 'no',
  });
}

/** A view that is replaced is locked; what it reads is looked up. */
export function createViewEffects(
  context: EffectContext,
  { view, replace, query }: NodeBody<'ViewStmt'>,
): readonly RelationEffect[] {
  const replaced = replace ? touch(context, relationOf(view), 'ACCESS EXCLUSIVE') : [];
  return [...replaced, ...namedIn(context, query)];
}

/** The relations that a stored query names are looked up under the lock of their use; what is below them is not. */
export function namedIn(context: EffectContext, node: Node | undefined): readonly RelationEffect[] {
  return queryEffects({ facts: undefined }, node).flatMap(({ relation, lock }) =>
    touch(context, relation, lock),
  );
}

export function createTriggerEffects(
  context: EffectContext,
  { relation, row, constrrel }: NodeBody<'CreateTrigStmt'>,
): readonly RelationEffect[] {
  const isPartitioned = factsOf(context, relationOf(relation))?.kind === 'partitioned table';
  return [
    ...touch(context, relationOf(relation), 'SHARE ROW EXCLUSIVE', {
      descendants: row && isPartitioned ? 'certain' : 'no',
    }),
    ...(constrrel ? touch(context, relationOf(constrrel), 'ACCESS SHARE') : []),
  ];
}

export function renameEffects(
  context: EffectContext,
  { renameType, relation, relationType }: NodeBody<'RenameStmt'>,
): readonly RelationEffect[] {
  if (relation === undefined || renameType === 'OBJECT_INDEX' || renameType === 'OBJECT_SEQUENCE') {
    return [];
  }
  const recurses =
    renameType === 'OBJECT_COLUMN' ||
    renameType === 'OBJECT_TABCONSTRAINT' ||
    renameType === 'OBJECT_TRIGGER';
  return relationType === 'OBJECT_TYPE'
    ? []
    : touch(context, relationOf(relation), 'ACCESS EXCLUSIVE', {
        descendants: recurses && relation.inh ? 'certain' : 'no',
      });
}

/** A changed domain is checked in every table that uses it. */
export function alterDomainEffects(
  context: EffectContext,
  { subtype, typeName, def }: NodeBody<'AlterDomainStmt'>,
): readonly RelationEffect[] {
  const CHECKING = { addConstraint: 'C', setNotNull: 'O', validate: 'V' };
  const isChecked =
    Object.values(CHECKING).includes(subtype ?? '') && !bodyOf(def, 'Constraint')?.skip_validation;
  const users = isChecked ? context.facts?.relationsUsingType?.(namesOf(typeName)) : [];
  return (users ?? []).flatMap((user) => touch(context, user, 'SHARE', { scans: 'yes' }));
}

/** The table that a sequence is to belong to. */
export function sequenceOwnerEffects(
  context: EffectContext,
  options: readonly Node[] | undefined,
): readonly RelationEffect[] {
  return (options ?? []).flatMap((node) => {
    const { defname, arg } = bodyOf(node, 'DefElem') ?? {};
    const parts = defname === 'owned_by' ? namesOf(bodyOf(arg, 'List')?.items) : [];
    return parts.length < 2 ? [] : touch(context, relationOfParts(parts.slice(0, -1)), 'ACCESS SHARE');
  });
}

export function publicationEffects(
  context: EffectContext,
  objects: readonly Node[] | undefined,
): readonly RelationEffect[] {
  return (objects ?? []).flatMap((node) => {
    const table = bodyOf(node, 'PublicationObjSpec')?.pubtable?.relation;
    if (table === undefined) {
      return [];
    }
    const isPartitioned = factsOf(context, relationOf(table))?.kind === 'partitioned table';
    return touch(context, relationOf(table), 'SHARE UPDATE EXCLUSIVE', {
      descendants: table.inh && !isPartitioned ? 'certain' : 'no',
    });
  });
}

/** A comment on a relation or on a part of one. */
export function commentEffects(
  context: EffectContext,
  { objtype, object }: NodeBody<'CommentStmt'>,
): readonly RelationEffect[] {
  const parts = namesOf(bodyOf(object, 'List')?.items);
  switch (objtype) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_FOREIGN_TABLE':
      return touch(context, relationOfParts(parts), 'SHARE UPDATE EXCLUSIVE');
    case 'OBJECT_COLUMN':
      return touch(context, relationOfParts(parts.slice(0, -1)), 'SHARE UPDATE EXCLUSIVE');
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return touch(context, relationOfParts(parts.slice(0, -1)), 'ACCESS SHARE');
    default:
      return [];
  }
}

/** From PostgreSQL 18 on, rights are given under a lock on the table. */
export function grantEffects(
  context: EffectContext,
  { objtype, objects, targtype }: NodeBody<'GrantStmt'>,
): readonly RelationEffect[] {
  const isLocked = (context.facts?.serverVersion ?? 180_000) >= 180_000;
  return isLocked && objtype === 'OBJECT_TABLE' && targtype === 'ACL_TARGET_OBJECT'
    ? relationsOf(objects).flatMap((relation) => touch(context, relation, 'ACCESS SHARE'))
    : [];
}
