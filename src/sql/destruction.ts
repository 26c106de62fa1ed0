/**
 * The data that a statement destroys: rows, columns, values, positions of sequences. Definitions alone (a view, an
 * index, a function) are no data; a materialized view counts, because its source may be gone by now.
 */
import type { Node } from 'libpg-query';
import { columnTypeChangeIsLossless } from './column-type-change.js';
import { andBelow, type DestroyedKind, type Destruction, nameInCatalog } from './destroyed.js';
import { destroyedRows } from './destroyed-rows.js';
import { type EffectContext, factsOf } from './effect.js';
import { truncatedTables } from './maintenance-effects.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import {
  isSameRelation,
  partsOf,
  type RelationName,
  relationOf,
  relationOfParts,
  relationsOf,
} from './relation-name.js';

/** What `node` destroys. Code that is not looked into (`do`, `call`, triggers, functions) is not in it. */
export function destructions(context: EffectContext, node: Node): readonly Destruction[] {
  return [
    ...destroyedRows(context, node),
    ...byDrop(context, bodyOf(node, 'DropStmt')),
    ...byAlterTable(context, bodyOf(node, 'AlterTableStmt')),
    ...byTruncate(context, bodyOf(node, 'TruncateStmt')),
    ...byReset(context, node),
    ...byOthers(node),
  ];
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
          {
            kind: 'materialized view',
            relation: nameInCatalog(context, relation),
            by: 'drop',
            certainty: 'yes',
          },
        ];
      case 'OBJECT_SEQUENCE':
        return [
          { kind: 'sequence', relation: nameInCatalog(context, relation), by: 'drop', certainty: 'yes' },
        ];
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
    { kind: 'table', relation: nameInCatalog(context, relation), by: 'drop', certainty: 'yes' },
    ...below.map(
      (child) =>
        ({
          kind: 'table',
          relation: nameInCatalog(context, child),
          by: 'cascade',
          certainty: 'yes',
        }) as const,
    ),
    ...[relation, ...below].flatMap((dropped) => ownedSequences(context, dropped, () => true)),
    ...(cascade ? dependentViews(context, relation) : []),
  ];
}

/** Sequences that belong to columns go with them. */
function ownedSequences(
  context: EffectContext,
  relation: RelationName,
  isDropped: (column: string) => boolean,
): readonly Destruction[] {
  return (factsOf(context, relation)?.columns ?? []).flatMap(({ name, sequence }) =>
    sequence && isDropped(name)
      ? [
          {
            kind: 'sequence',
            relation: nameInCatalog(context, sequence),
            by: 'cascade',
            certainty: 'yes',
          } as const,
        ]
      : [],
  );
}

/** Materialized views that fall with a relation; views hold no data. */
function dependentViews(context: EffectContext, relation: RelationName): readonly Destruction[] {
  return (factsOf(context, relation)?.dependents ?? []).flatMap((view) =>
    factsOf(context, view)?.kind === 'materialized view'
      ? [
          {
            kind: 'materialized view',
            relation: nameInCatalog(context, view),
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
        ? [{ kind, relation: nameInCatalog(context, relation), by: 'cascade', certainty: 'yes' } as const]
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
        ({
          kind: 'column',
          relation: nameInCatalog(context, user),
          by: 'cascade',
          certainty: 'yes',
        }) as const,
    ),
  ];
}

function byAlterTable(
  context: EffectContext,
  body: NodeBody<'AlterTableStmt'> | undefined,
): readonly Destruction[] {
  const relation = relationOf(body?.relation);
  const below = (loss: Destruction): readonly Destruction[] =>
    body?.relation?.inh ? andBelow(context, loss) : [loss];
  return (body?.cmds ?? []).flatMap((node): readonly Destruction[] => {
    const { subtype, name = '', def, behavior } = bodyOf(node, 'AlterTableCmd') ?? {};
    const target = nameInCatalog(context, relation);
    const columns = [name];
    switch (subtype) {
      case 'AT_DropColumn':
        return [
          ...below({ kind: 'column', relation: target, columns, by: 'drop', certainty: 'yes' }),
          ...ownedSequences(context, relation, (column) => column === name),
          ...(behavior === 'DROP_CASCADE' ? dependentViews(context, relation) : []),
        ];
      case 'AT_AlterColumnType': {
        const facts = factsOf(context, relation);
        return body?.objtype === 'OBJECT_TABLE' &&
          columnTypeChangeIsLossless(context, facts, name, bodyOf(def, 'ColumnDef') ?? {})
          ? []
          : below({ kind: 'values', relation: target, columns, by: 'type change', certainty: 'maybe' });
      }
      case 'AT_DropIdentity':
        return ownedSequences(context, relation, (column) => column === name);
      default:
        return [];
    }
  });
}

function byTruncate(
  context: EffectContext,
  body: NodeBody<'TruncateStmt'> | undefined,
): readonly Destruction[] {
  const named = relationsOf(body?.relations);
  return truncatedTables(context, body ?? {}).flatMap((table) => {
    const relation = nameInCatalog(context, table);
    const by = named.some((candidate) => isSameRelation(candidate, table)) ? 'truncate' : 'cascade';
    const sequences = body?.restart_seqs ? (factsOf(context, table)?.columns ?? []) : [];
    return [
      { kind: 'rows', relation, by, certainty: 'yes' } as const,
      ...sequences.flatMap(({ sequence }) =>
        sequence
          ? [
              {
                kind: 'sequence position',
                relation: nameInCatalog(context, sequence),
                by: 'reset',
                certainty: 'yes',
              } as const,
            ]
          : [],
      ),
    ];
  });
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
    relation: nameInCatalog(context, name),
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
