/** What a planned statement will do to the running database, told before it runs. */
import type { SizedCatalogFacts } from '../catalog/index.js';
import {
  type AddedColumn,
  addedColumns,
  blocksReads,
  blocksWrites,
  type Destruction,
  isSameRelation,
  type LockMode,
  type RelationName,
  statementEffects,
  statementObjects,
} from '../sql/index.js';
import { type PlannedKeep, plannedKeeps } from './planned-keep.js';
import type { ScriptStatement } from './run/script.js';

/** The effect of a statement on one relation that is there already. */
export interface PlannedLock {
  /** `schema.table`. */
  readonly relation: string;
  readonly lock: LockMode;
  /** False when the lock is taken under circumstances only. */
  readonly isCertain: boolean;
  readonly blocksReads: boolean;
  readonly blocksWrites: boolean;
  /** Every row is written anew while the lock is held. */
  readonly rewrites: 'yes' | 'no' | 'maybe';
  /** Every row is read while the lock is held. */
  readonly scans: 'yes' | 'no' | 'maybe';
  /** Rows by the server's estimate; absent where the table was never analyzed. */
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
}

export interface StatementImpact {
  readonly locks: readonly PlannedLock[];
  readonly destroys: readonly Destruction[];
  /** What is kept of it, for a rollback. */
  readonly keeps: readonly PlannedKeep[];
  /** It runs code that was not looked into. */
  readonly isOpaque: boolean;
  /** Newer than the parser: only the server knows what it does. */
  readonly isUnknown: boolean;
}

/**
 * Tells the impact of statements one after the other. Relations that an earlier one creates are new: nobody else
 * uses them yet, so they are left out.
 */
export function impactTeller(
  facts: SizedCatalogFacts,
): (statement: ScriptStatement, keepOff?: string) => StatementImpact {
  const created: RelationName[] = [];
  const added: AddedColumn[] = [];
  const isNew = (relation: RelationName): boolean =>
    facts.relation(relation) === undefined && created.some((one) => isSameRelation(one, relation));
  // What a column held that the script has added before is nobody's.
  const fillsNew = ({ kind, relation, columns }: Destruction): boolean =>
    kind === 'values' &&
    columns !== undefined &&
    columns.every((column) =>
      added.some((one) => one.column === column && isSameRelation(one.relation, relation)),
    );
  return ({ outcome }, keepOff) => {
    if (outcome.kind === 'unparsed') {
      const keeps = plannedKeeps([], true, facts, keepOff);
      return { locks: [], destroys: [], keeps, isOpaque: true, isUnknown: true };
    }
    const { relations, destroys, isOpaque } = statementEffects(outcome.node, facts);
    const lost = destroys.filter((loss) => !isNew(loss.relation) && !fillsNew(loss));
    const impact = {
      locks: relations.filter(({ relation }) => !isNew(relation)).map((effect) => plannedLock(effect, facts)),
      destroys: lost,
      keeps: plannedKeeps(lost, isOpaque, facts, keepOff),
      isOpaque,
      isUnknown: false,
    };
    for (const { relation, column } of addedColumns(outcome.node)) {
      added.push({ relation: facts.relation(relation) ?? relation, column });
    }
    for (const use of statementObjects(outcome.node).uses) {
      if (use.action === 'create') {
        created.push({ schema: use.schema, name: use.name });
      }
    }
    return impact;
  };
}

type RelationEffect = ReturnType<typeof statementEffects>['relations'][number];

function plannedLock(effect: RelationEffect, facts: SizedCatalogFacts): PlannedLock {
  const { relation, lock, isCertain, rewrites, scans } = effect;
  const size = facts.sizeOf(relation);
  return {
    relation: [relation.schema, relation.name].filter(Boolean).join('.'),
    lock,
    isCertain,
    blocksReads: blocksReads(lock),
    blocksWrites: blocksWrites(lock),
    rewrites,
    scans,
    rows: size?.rows,
    bytes: size?.bytes,
  };
}
