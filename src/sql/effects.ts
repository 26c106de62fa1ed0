/**
 * What a statement does to a running database: the locks it takes and on what, whether it rewrites or reads whole
 * tables meanwhile, and what data it destroys. Exact where the catalogue is known through `CatalogFacts`; without
 * it, what the text alone tells. Every rule names its source and is proved against real servers by the tests.
 */
import type { Node } from 'libpg-query';
import { alterTableEffects } from './alter-table-effects.js';
import type { CatalogFacts } from './catalog-facts.js';
import {
  alterDomainEffects,
  commentEffects,
  createIndexEffects,
  createTableEffects,
  createTriggerEffects,
  createViewEffects,
  grantEffects,
  namedIn,
  publicationEffects,
  renameEffects,
  sequenceOwnerEffects,
} from './definition-effects.js';
import type { Destruction } from './destroyed.js';
import { destructions } from './destruction.js';
import { dropEffects } from './drop-effects.js';
import { type EffectContext, mergeEffects, type RelationEffect, touch } from './effect.js';
import { lockModeOfNumber } from './lock-mode.js';
import {
  clusterEffects,
  refreshEffects,
  reindexEffects,
  truncateEffects,
  vacuumEffects,
} from './maintenance-effects.js';
import { bodyOf, type NodeBody, type NodeName, nodeName } from './node.js';
import { queryEffects, readEffects, writeEffects } from './query-effects.js';
import { relationOf, relationsOf } from './relation-name.js';

export interface StatementEffects {
  /** One per existing relation that it locks: tables, views, materialized views; indexes and sequences left out. */
  readonly relations: readonly RelationEffect[];
  readonly destroys: readonly Destruction[];
  /** It may do more than is listed: it runs code that was not looked into, or reaches what it does not name. */
  readonly isOpaque: boolean;
}

/**
 * The effects of one parsed statement. What it creates itself is not among them; what triggers, rules and
 * functions do is not seen.
 */
export function statementEffects(node: Node, facts?: CatalogFacts): StatementEffects {
  const context: EffectContext = { facts };
  const name = nodeName(node);
  const rule = RULES[name] as
    | ((context: EffectContext, body: unknown) => readonly RelationEffect[])
    | undefined;
  const touched = rule ? rule(context, (node as Record<string, unknown>)[name]) : queryEffects(context, node);
  return {
    relations: mergeEffects(touched),
    destroys: destructions(context, node),
    isOpaque: OPAQUE.has(name) || reachesUnnamed(node),
  };
}

const OPAQUE: ReadonlySet<NodeName> = new Set([
  'DoStmt',
  'CallStmt',
  'ExecuteStmt',
  'DropOwnedStmt',
  'ReassignOwnedStmt',
  'AlterTableMoveAllStmt',
  'CreateExtensionStmt',
  'AlterExtensionStmt',
  'ImportForeignSchemaStmt',
]);

/** Maintenance of everything there is, and cascades from what no table shows. */
function reachesUnnamed(node: Node): boolean {
  const drop = bodyOf(node, 'DropStmt');
  const vacuum = bodyOf(node, 'VacuumStmt');
  const cluster = bodyOf(node, 'ClusterStmt');
  const reindex = bodyOf(node, 'ReindexStmt');
  return (
    (drop?.behavior === 'DROP_CASCADE' && !SEEN_CASCADES.has(drop.removeType ?? '')) ||
    (vacuum !== undefined && vacuum.rels === undefined) ||
    (cluster !== undefined && cluster.relation === undefined) ||
    (reindex !== undefined && reindex.relation === undefined)
  );
}

/** What a cascade takes along from these is asked of the catalogue. */
const SEEN_CASCADES: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_SCHEMA',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
]);

type RuleTable = {
  readonly [Name in NodeName]?: (context: EffectContext, body: NodeBody<Name>) => readonly RelationEffect[];
};

/** Statements without an entry are queries and data changes: what they name is what they lock. */
const RULES: RuleTable = {
  AlterTableStmt: alterTableEffects,
  AlterDomainStmt: alterDomainEffects,
  AlterObjectSchemaStmt: (context, { relation, objectType }) =>
    relation && objectType !== 'OBJECT_SEQUENCE' && objectType !== 'OBJECT_TYPE'
      ? touch(context, relationOf(relation), 'ACCESS EXCLUSIVE')
      : [],
  AlterPolicyStmt: (context, { table }) => touch(context, relationOf(table), 'ACCESS EXCLUSIVE'),
  AlterPublicationStmt: (context, { pubobjects }) => publicationEffects(context, pubobjects),
  AlterSeqStmt: (context, { options }) => sequenceOwnerEffects(context, options),
  ClusterStmt: clusterEffects,
  CommentStmt: commentEffects,
  CopyStmt: (context, { relation, is_from, query }) => {
    if (relation === undefined) {
      return queryEffects(context, query);
    }
    return is_from
      ? writeEffects(context, 'insert', relationOf(relation))
      : readEffects(context, relationOf(relation));
  },
  CreateForeignTableStmt: (context, { base }) => createTableEffects(context, base ?? {}),
  CreateFunctionStmt: (context, { sql_body }) => namedIn(context, sql_body),
  CreatePolicyStmt: (context, { table, qual, with_check }) => [
    ...touch(context, relationOf(table), 'ACCESS EXCLUSIVE'),
    ...namedIn(context, qual),
    ...namedIn(context, with_check),
  ],
  CreatePublicationStmt: (context, { pubobjects }) => publicationEffects(context, pubobjects),
  CreateSchemaStmt: (context, { schemaElts }) =>
    (schemaElts ?? []).flatMap((element) => statementEffects(element, context.facts).relations),
  CreateSeqStmt: (context, { options }) => sequenceOwnerEffects(context, options),
  CreateStatsStmt: (context, { relations }) =>
    relationsOf(relations).flatMap((relation) => touch(context, relation, 'SHARE UPDATE EXCLUSIVE')),
  CreateStmt: createTableEffects,
  CreateTrigStmt: createTriggerEffects,
  DropStmt: dropEffects,
  GrantStmt: grantEffects,
  IndexStmt: createIndexEffects,
  LockStmt: (context, { relations, mode }) =>
    relationsOf(relations).flatMap((relation) =>
      touch(context, relation, lockModeOfNumber(mode), { descendants: 'certain' }),
    ),
  RefreshMatViewStmt: refreshEffects,
  ReindexStmt: reindexEffects,
  RenameStmt: renameEffects,
  RuleStmt: (context, { relation, actions }) => [
    ...touch(context, relationOf(relation), 'ACCESS EXCLUSIVE'),
    ...(actions ?? []).flatMap((action) => namedIn(context, action)),
  ],
  TruncateStmt: truncateEffects,
  VacuumStmt: vacuumEffects,
  ViewStmt: createViewEffects,
};
