/**
 * The data that a statement destroys: rows, columns, values, positions of sequences. Definitions alone (a view, an
 * index, a function) are no data; a materialized view counts, because its source may be gone by now.
 */
import type { Node } from 'libpg-query';
import { columnTypeChangeIsLossless } from './column-type-change.js';
import { type EffectContext, factsOf } from './effect.js';
import { referringTables } from './maintenance-effects.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import { partsOf, type RelationName, relationOf, relationOfParts, relationsOf } from './relation-name.js';
import { relationUses, type WritingStatement } from './relation-uses.js';

/**
 * - `table`, `materialized view`: the relation with its rows
 * - `column`: the columns in `columns`, or `undefined` where the text does not name them
 * - `rows`: whole rows, some or all
 * - `values`: values of `columns` in rows that stay
 * - `sequence`, `sequence position`: the sequence, or where it stands
 * - `schema`, `type`, `database`, `unknown`: whatever it holds or is used for
 */
export type DestroyedKind =
  | 'table'
  | 'materialized view'
  | 'column'
  | 'rows'
  | 'values'
  | 'sequence'
  | 'sequence position'
  | 'schema'
  | 'type'
  | 'database'
  | 'unknown';

export interface Destruction {
  readonly kind: DestroyedKind;
  /** The relation, or the object, with its schema where the catalogue is known. */
  readonly relation: RelationName;
  /** The columns that lose values; `undefined` for all of them, or where the text does not tell. */
  readonly columns?: readonly string[];
  readonly by:
    | 'drop'
    | 'cascade'
    | 'truncate'
    | 'delete'
    | 'update'
    | 'merge'
    | 'upsert'
    | 'type change'
    | 'reset';
  /** `maybe` when it depends on the rows, or on a catalogue that is not known. */
  readonly certainty: 'yes' | 'maybe';
}

/** What `node` destroys. Code that is not looked into (`do`, `call`, triggers, functions) is not in it. */
export function destructions(context: EffectContext, node: Node): readonly Destruction[] {
  return [
    ...byRowChanges(context, node),
    ...byDrop(context, bodyOf(node, 'DropStmt')),
    ...byAlterTable(context, bodyOf(node, 'AlterTableStmt')),
    ...byTruncate(context, bodyOf(node, 'TruncateStmt')),
    ...byReset(context, node),
    ...byOthers(node),
  ];
}

function named(context: EffectContext, relation: RelationName): RelationName {
  const facts = factsOf(context, relation);
  return facts ? { schema: facts.schema, name: facts.name } : relation;
}

/** Insert, update, delete and merge, wherever they stand, and what foreign keys pass on. */
function byRowChanges(context: EffectContext, node: Node): readonly Destruction[] {
  if (bodyOf(node, 'RuleStmt') || bodyOf(node, 'CreateFunctionStmt') || bodyOf(node, 'ViewStmt')) {
    return [];
  }
  return relationUses(node).flatMap(({ relation, statement }) =>
    statement === undefined ? [] : byWriting(context, relation, statement),
  );
}

function byWriting(
  context: EffectContext,
  relation: RelationName,
  { kind, body }: WritingStatement,
): readonly Destruction[] {
  const target = named(context, relation);
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
        relation: named(context, reference.relation),
        ...(isDeleted ? {} : { columns: reference.columns }),
        by: 'cascade',
        certainty: 'maybe',
      },
      ...byReferences(context, reference.relation, isDeleted ? 'onDelete' : 'onUpdate', seen),
    ];
  });
}

function byDrop(context: EffectContext, body: NodeBody<'DropStmt'> | undefined): readonly Destruction[] {
  const cascade = body?.behavior === 'DROP_CASCADE';
  return (body?.objects ?? []).flatMap((object): readonly Destruction[] => {
    const parts = partsOf(object);
    const relation = relationOfParts(parts);
    switch (body?.removeType) {
      case 'OBJECT_TABLE':
        return droppedTable(context, relation, cascade);
      case 'OBJECT_MATVIEW':
        return [
          { kind: 'materialized view', relation: named(context, relation), by: 'drop', certainty: 'yes' },
        ];
      case 'OBJECT_SEQUENCE':
        return [{ kind: 'sequence', relation: named(context, relation), by: 'drop', certainty: 'yes' }];
      case 'OBJECT_VIEW':
        return cascade ? dependentViews(context, relation) : [];
      case 'OBJECT_SCHEMA':
        return cascade ? droppedSchema(context, parts[0] ?? '') : [];
      case 'OBJECT_TYPE':
      case 'OBJECT_DOMAIN':
        return droppedType(context, parts, cascade);
      case 'OBJECT_EXTENSION':
      case 'OBJECT_FUNCTION':
      case 'OBJECT_COLLATION':
        // Columns and generated values may hang on it.
        return cascade ? [{ kind: 'unknown', relation, by: 'cascade', certainty: 'maybe' }] : [];
      default:
        return [];
    }
  });
}

function droppedTable(
  context: EffectContext,
  relation: RelationName,
  cascade: boolean,
): readonly Destruction[] {
  const facts = factsOf(context, relation);
  // Inheriting tables need `cascade` to go along; partitions always do.
  const below = cascade || facts?.kind === 'partitioned table' ? (facts?.descendants ?? []) : [];
  return [
    { kind: 'table', relation: named(context, relation), by: 'drop', certainty: 'yes' },
    ...below.map(
      (child) =>
        ({ kind: 'table', relation: named(context, child), by: 'cascade', certainty: 'yes' }) as const,
    ),
    ...(cascade ? dependentViews(context, relation) : []),
  ];
}

/** Materialized views that fall with a relation; views hold no data. */
function dependentViews(context: EffectContext, relation: RelationName): readonly Destruction[] {
  return (factsOf(context, relation)?.dependents ?? []).flatMap((view) =>
    factsOf(context, view)?.kind === 'materialized view'
      ? [
          {
            kind: 'materialized view',
            relation: named(context, view),
            by: 'cascade',
            certainty: 'yes',
          } as const,
        ]
      : [],
  );
}

function droppedSchema(context: EffectContext, schema: string): readonly Destruction[] {
  const KINDS: Readonly<Record<string, DestroyedKind>> = {
    table: 'table',
    'partitioned table': 'table',
    'materialized view': 'materialized view',
    sequence: 'sequence',
  };
  const relations = context.facts?.relationsInSchema?.(schema) ?? [];
  return [
    { kind: 'schema', relation: { schema: undefined, name: schema }, by: 'drop', certainty: 'yes' },
    ...relations.flatMap((relation) => {
      const kind = KINDS[factsOf(context, relation)?.kind ?? ''];
      return kind
        ? [{ kind, relation: named(context, relation), by: 'cascade', certainty: 'yes' } as const]
        : [];
    }),
  ];
}

function droppedType(
  context: EffectContext,
  parts: readonly string[],
  cascade: boolean,
): readonly Destruction[] {
  const users = cascade ? context.facts?.relationsUsingType?.(parts) : [];
  return [
    { kind: 'type', relation: relationOfParts(parts), by: 'drop', certainty: 'yes' },
    ...(users ?? []).map(
      (user) =>
        ({ kind: 'column', relation: named(context, user), by: 'cascade', certainty: 'yes' }) as const,
    ),
  ];
}

function byAlterTable(
  context: EffectContext,
  body: NodeBody<'AlterTableStmt'> | undefined,
): readonly Destruction[] {
  const relation = relationOf(body?.relation);
  return (body?.cmds ?? []).flatMap((node): readonly Destruction[] => {
    const { subtype, name = '', def, behavior } = bodyOf(node, 'AlterTableCmd') ?? {};
    const target = named(context, relation);
    const columns = [name];
    switch (subtype) {
      case 'AT_DropColumn':
        return [
          { kind: 'column', relation: target, columns, by: 'drop', certainty: 'yes' },
          ...(behavior === 'DROP_CASCADE' ? dependentViews(context, relation) : []),
        ];
      case 'AT_AlterColumnType': {
        const facts = factsOf(context, relation);
        return body?.objtype === 'OBJECT_TABLE' &&
          columnTypeChangeIsLossless(context, facts, name, bodyOf(def, 'ColumnDef') ?? {})
          ? []
          : [{ kind: 'values', relation: target, columns, by: 'type change', certainty: 'maybe' }];
      }
      case 'AT_DropIdentity':
        return [{ kind: 'sequence', relation: target, columns, by: 'drop', certainty: 'maybe' }];
      default:
        return [];
    }
  });
}

function byTruncate(
  context: EffectContext,
  body: NodeBody<'TruncateStmt'> | undefined,
): readonly Destruction[] {
  const tables = relationsOf(body?.relations);
  const all = body?.behavior === 'DROP_CASCADE' ? referringTables(context, tables) : tables;
  return all.flatMap((table) => [
    {
      kind: 'rows',
      relation: named(context, table),
      by: tables.includes(table) ? 'truncate' : 'cascade',
      certainty: 'yes',
    } as const,
    ...(body?.restart_seqs
      ? [
          {
            kind: 'sequence position',
            relation: named(context, table),
            by: 'reset',
            certainty: 'maybe',
          } as const,
        ]
      : []),
  ]);
}

/** Sequences set to another position, by statement or by `setval`. */
function byReset(context: EffectContext, node: Node): readonly Destruction[] {
  const sequence = bodyOf(node, 'AlterSeqStmt');
  const restarts = sequence?.options?.some((option) => bodyOf(option, 'DefElem')?.defname === 'restart');
  const called = (bodyOf(node, 'SelectStmt')?.targetList ?? []).flatMap((target) => {
    const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
    const name = bodyOf(call?.args?.[0], 'A_Const')?.sval?.sval;
    return namesOf(call?.funcname).at(-1) === 'setval' ? [name] : [];
  });
  const names = [
    ...(restarts ? [relationOf(sequence?.sequence)] : []),
    ...called.map((name) => relationOfParts((name ?? '').split('.'))),
  ];
  return names.map((name) => ({
    kind: 'sequence position',
    relation: named(context, name),
    by: 'reset',
    certainty: 'maybe',
  }));
}

function byOthers(node: Node): readonly Destruction[] {
  const database = bodyOf(node, 'DropdbStmt')?.dbname;
  const owned = bodyOf(node, 'DropOwnedStmt');
  return [
    ...(database
      ? [
          {
            kind: 'database',
            relation: { schema: undefined, name: database },
            by: 'drop',
            certainty: 'yes',
          } as const,
        ]
      : []),
    ...(owned
      ? [
          {
            kind: 'unknown',
            relation: { schema: undefined, name: '' },
            by: 'drop',
            certainty: 'maybe',
          } as const,
        ]
      : []),
  ];
}
