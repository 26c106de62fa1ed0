/**
 * The locks, rewrites and scans of `alter table`. Sources: PostgreSQL manual, ALTER TABLE; `AlterTableGetLockLevel`,
 * `ATPrepCmd` (what recurses to partitions and inheriting tables) and `ATRewriteTables` in
 * `commands/tablecmds.c`; `reloptions.c` for the locks of storage parameters.
 */
import type { AlterTableType, Node } from 'libpg-query';
import { rowChange } from './alter-table-rows.js';
import type { RelationFacts } from './catalog-facts.js';
import { type EffectContext, factsOf, type RelationEffect, touch } from './effect.js';
import { type LockMode, strongerLock } from './lock-mode.js';
import { bodyOf, type NodeBody } from './node.js';
import { type RelationName, relationOf } from './relation-name.js';
import type { Certainty } from './type-change.js';

type Command = NodeBody<'AlterTableCmd'>;

export function alterTableEffects(
  context: EffectContext,
  { relation, cmds, objtype }: NodeBody<'AlterTableStmt'>,
): readonly RelationEffect[] {
  const table = relationOf(relation);
  const facts = factsOf(context, table);
  if (objtype === 'OBJECT_INDEX' || facts?.kind === 'index') {
    return [];
  }
  const commands = (cmds ?? []).map((node) => bodyOf(node, 'AlterTableCmd')!);
  if (objtype === 'OBJECT_TYPE') {
    const users = context.facts?.relationsUsingType?.(
      [table.schema, table.name].filter((part) => part !== undefined),
    );
    return (users ?? []).flatMap((user) => touch(context, user, 'ACCESS EXCLUSIVE'));
  }
  // One lock for the whole statement, the strongest that a command needs.
  const lock = commands.map((command) => commandLock(command)).reduce(strongerLock, 'ACCESS SHARE');
  return commands.flatMap((command) => [
    ...touch(context, table, lock, {
      ...rowChange(context, facts, command),
      descendants: relation?.inh && recurses(command, facts) ? 'certain' : 'no',
    }),
    ...otherRelations(context, facts, command),
  ]);
}

/** The lock that one command needs on its table. */
function commandLock(command: Command): LockMode {
  switch (command.subtype) {
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return optionNames(command.def).every((name) => LIGHT_OPTIONS.test(name))
        ? 'SHARE UPDATE EXCLUSIVE'
        : 'ACCESS EXCLUSIVE';
    case 'AT_AddConstraint':
      return bodyOf(command.def, 'Constraint')?.contype === 'CONSTR_FOREIGN'
        ? 'SHARE ROW EXCLUSIVE'
        : 'ACCESS EXCLUSIVE';
    case 'AT_DetachPartition':
      return bodyOf(command.def, 'PartitionCmd')?.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
    default:
      return COMMAND_LOCKS[command.subtype!] ?? 'ACCESS EXCLUSIVE';
  }
}

const COMMAND_LOCKS: { readonly [Type in AlterTableType]?: LockMode } = {
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

/** The storage parameters whose change needs no more than SHARE UPDATE EXCLUSIVE. */
const LIGHT_OPTIONS =
  /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_\w+|log_autovacuum_min_duration|autovacuum_\w+)$/;

function optionNames(def: Node | undefined): readonly string[] {
  return (bodyOf(def, 'List')?.items ?? []).map((item) => bodyOf(item, 'DefElem')?.defname ?? '');
}

/** Commands that change the named table only, whatever hangs below it. */
const NOT_RECURSING =
  /^AT_(Set|Reset)RelOptions|^AT_(ChangeOwner|ClusterOn|DropCluster|SetLogged|SetUnLogged|SetTableSpace|SetAccessMethod|SetOptions|ResetOptions|SetCompression|ReplicaIdentity|GenericOptions|AddInherit|DropInherit|AddOf|DropOf|AttachPartition|DetachPartition|DetachPartitionFinalize)$|^AT_(Enable|Disable|Force|NoForce)(Always|Replica)?(RowSecurity|Rule)$/;

function recurses({ subtype, def }: Command, facts: RelationFacts | undefined): boolean {
  if (/Trig/.test(subtype!)) {
    return facts?.kind === 'partitioned table';
  }
  if (subtype === 'AT_AddConstraint' && facts?.kind !== 'partitioned table') {
    // Keys and indexes belong to one table; only checks and not-null constraints are inherited.
    return /CHECK|NOTNULL/.test(bodyOf(def, 'Constraint')?.contype ?? '');
  }
  return !NOT_RECURSING.test(subtype!);
}

/** The tables beside the named one that a command locks: at the other end of a foreign key, or of a partition. */
function otherRelations(
  context: EffectContext,
  facts: RelationFacts | undefined,
  command: Command,
): readonly RelationEffect[] {
  const { subtype, name, def, behavior } = command;
  switch (subtype) {
    case 'AT_AddColumn':
      return (bodyOf(def, 'ColumnDef')?.constraints ?? []).flatMap((node) => addedForeignKey(context, node));
    case 'AT_AddConstraint':
      return addedForeignKey(context, def);
    case 'AT_DropConstraint':
      return droppedForeignKeys(context, facts, (constraint) => constraint.name === name, behavior);
    case 'AT_DropColumn':
      return [
        ...droppedForeignKeys(context, facts, ({ columns }) => columns.includes(name!), behavior),
        ...(behavior === 'DROP_CASCADE' ? dependentViews(context, facts) : []),
      ];
    case 'AT_AlterColumnType':
      return droppedForeignKeys(context, facts, ({ columns }) => columns.includes(name!), 'DROP_CASCADE');
    case 'AT_ValidateConstraint':
      return (facts?.constraints ?? []).flatMap((constraint) =>
        constraint.name === name && constraint.references && !constraint.isValidated
          ? touch(context, constraint.references, 'ROW SHARE', { scans: 'maybe' })
          : [],
      );
    case 'AT_AlterConstraint':
      return unenforcedForeignKey(context, facts, bodyOf(def, 'ATAlterConstraint') ?? {});
    case 'AT_AttachPartition':
      return attachedPartition(context, facts, bodyOf(def, 'PartitionCmd') ?? {});
    case 'AT_DetachPartition':
      return detachedPartition(context, facts, bodyOf(def, 'PartitionCmd') ?? {});
    case 'AT_DetachPartitionFinalize':
      return touch(context, relationOf(bodyOf(def, 'PartitionCmd')?.name), 'ACCESS EXCLUSIVE');
    case 'AT_AddInherit':
      return touch(context, relationOf(bodyOf(def, 'RangeVar')), 'SHARE UPDATE EXCLUSIVE');
    case 'AT_DropInherit':
      return touch(context, relationOf(bodyOf(def, 'RangeVar')), 'ACCESS SHARE');
    default:
      return [];
  }
}

/** A foreign key puts triggers on the table that it points to, and its partitions. */
export function addedForeignKey(context: EffectContext, node: Node | undefined): readonly RelationEffect[] {
  const { contype, pktable, skip_validation } = bodyOf(node, 'Constraint') ?? {};
  return contype === 'CONSTR_FOREIGN'
    ? touch(context, relationOf(pktable), 'SHARE ROW EXCLUSIVE', {
        scans: skip_validation ? 'no' : 'maybe',
        descendants: 'certain',
      })
    : [];
}

/** Dropping a foreign key takes its triggers off the other table; dropping a key takes the foreign keys to it. */
function droppedForeignKeys(
  context: EffectContext,
  facts: RelationFacts | undefined,
  isDropped: (constraint: { readonly name: string; readonly columns: readonly string[] }) => boolean,
  behavior: Command['behavior'],
): readonly RelationEffect[] {
  const dropped = (facts?.constraints ?? []).filter(isDropped);
  const isKey = dropped.some(({ kind }) => kind === 'primary key' || kind === 'unique');
  return [
    ...dropped.flatMap(({ references }) =>
      references ? touch(context, references, 'ACCESS EXCLUSIVE', { descendants: 'certain' }) : [],
    ),
    ...(isKey && behavior === 'DROP_CASCADE' ? (facts?.referencedBy ?? []) : []).flatMap(({ relation }) =>
      touch(context, relation, 'ACCESS EXCLUSIVE', { isCertain: false }),
    ),
  ];
}

/** A foreign key that is no longer enforced loses its triggers on the other table. */
function unenforcedForeignKey(
  context: EffectContext,
  facts: RelationFacts | undefined,
  { conname, alterEnforceability }: NodeBody<'ATAlterConstraint'>,
): readonly RelationEffect[] {
  const constraint = facts?.constraints?.find(({ name }) => name === conname);
  return alterEnforceability && constraint?.references
    ? touch(context, constraint.references, 'ACCESS EXCLUSIVE', { scans: 'maybe' })
    : [];
}

function dependentViews(context: EffectContext, facts: RelationFacts | undefined): readonly RelationEffect[] {
  return (facts?.dependents ?? []).flatMap((view) =>
    touch(context, view, 'ACCESS EXCLUSIVE', { isCertain: false }),
  );
}

/** The new partition is checked, and a default partition too: it must hold no row of the new one. */
function attachedPartition(
  context: EffectContext,
  parent: RelationFacts | undefined,
  { name }: NodeBody<'PartitionCmd'>,
): readonly RelationEffect[] {
  return [
    ...touch(context, relationOf(name), 'ACCESS EXCLUSIVE', { scans: 'maybe', descendants: 'certain' }),
    ...defaultPartition(context, parent, 'maybe'),
    ...clonedForeignKeys(context, parent),
  ];
}

/** A new partition gets the foreign keys of its parent, in both directions. */
export function clonedForeignKeys(
  context: EffectContext,
  parent: RelationFacts | undefined,
): readonly RelationEffect[] {
  const pointedTo = (parent?.constraints ?? []).flatMap(({ references }) => references ?? []);
  const pointing = (parent?.referencedBy ?? []).map(({ relation }) => relation);
  return [...pointedTo, ...pointing].flatMap((relation) =>
    touch(context, relation, 'SHARE ROW EXCLUSIVE', { scans: 'maybe' }),
  );
}

function detachedPartition(
  context: EffectContext,
  parent: RelationFacts | undefined,
  { name, concurrent }: NodeBody<'PartitionCmd'>,
): readonly RelationEffect[] {
  const partition = touch(context, relationOf(name), 'ACCESS EXCLUSIVE');
  if (concurrent) {
    return partition;
  }
  // Foreign keys that point to the parent are checked: none may hold on to a row that leaves.
  const pointing = (parent?.referencedBy ?? []).flatMap(({ relation }) =>
    touch(context, relation, 'ACCESS EXCLUSIVE', { scans: 'maybe' }),
  );
  return [...partition, ...defaultPartition(context, parent, 'no'), ...pointing];
}

export function defaultPartition(
  context: EffectContext,
  parent: RelationFacts | undefined,
  scans: Certainty,
): readonly RelationEffect[] {
  const partition: RelationName | undefined = parent?.defaultPartition;
  return partition ? touch(context, partition, 'ACCESS EXCLUSIVE', { scans }) : [];
}
