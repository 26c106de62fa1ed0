/** The effect of a statement on one relation, and how effects are gathered. */
import type { CatalogFacts, RelationFacts } from './catalog-facts.js';
import { type LockMode, strongerLock } from './lock-mode.js';
import type { RelationName } from './relation-name.js';
import type { Certainty } from './type-change.js';

export interface RelationEffect {
  /** With its schema where the catalogue is known, as written otherwise. */
  readonly relation: RelationName;
  /** The strongest lock that the statement takes on it. */
  readonly lock: LockMode;
  /** False when the lock is taken under circumstances only: a row is found, a partition is not pruned. */
  readonly isCertain: boolean;
  /** Whether all its rows are written anew, into another file. */
  readonly rewrites: Certainty;
  /** Whether all its rows are read while the lock is held: to check them, to index them, or to rewrite them. */
  readonly scans: Certainty;
}

/** What a command does to the rows of the table that it names. */
export interface RowChange {
  readonly rewrites: Certainty;
  readonly scans: Certainty;
}

/** What the rules are given beside the statement. */
export interface EffectContext {
  /** `undefined` when nothing is known about the database. */
  readonly facts: CatalogFacts | undefined;
}

export interface TouchOptions {
  readonly rewrites?: Certainty;
  readonly scans?: Certainty;
  readonly isCertain?: boolean;
  /** The same for the partitions and inheriting tables below it; `uncertain` when they may be left out. */
  readonly descendants?: 'no' | 'certain' | 'uncertain';
}

export function factsOf(context: EffectContext, relation: RelationName): RelationFacts | undefined {
  return context.facts?.relation(relation);
}

/** The effect on a relation, and on those below it where it says so. */
export function touch(
  context: EffectContext,
  relation: RelationName,
  lock: LockMode,
  options: TouchOptions = {},
): readonly RelationEffect[] {
  const facts = factsOf(context, relation);
  const { rewrites = 'no', scans = rewrites, isCertain = true, descendants = 'no' } = options;
  // A partitioned table holds no rows of its own.
  const isEmpty = facts?.kind === 'partitioned table';
  const below = descendants === 'no' ? [] : (facts?.descendants ?? []);
  return [
    {
      relation: facts ? { schema: facts.schema, name: facts.name } : relation,
      lock,
      isCertain,
      rewrites: isEmpty ? 'no' : rewrites,
      scans: isEmpty ? 'no' : scans,
    },
    ...below.flatMap((child) =>
      touch(context, child, lock, {
        rewrites,
        scans,
        isCertain: isCertain && descendants === 'certain',
      }),
    ),
  ];
}

/** One effect per relation: the strongest lock, the worst of the rest. */
export function mergeEffects(effects: readonly RelationEffect[]): readonly RelationEffect[] {
  const merged = new Map<string, RelationEffect>();
  for (const effect of effects) {
    const key = JSON.stringify([effect.relation.schema, effect.relation.name]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? effect : worse(before, effect));
  }
  return [...merged.values()];
}

function worse(one: RelationEffect, other: RelationEffect): RelationEffect {
  const lock = strongerLock(one.lock, other.lock);
  return {
    relation: one.relation,
    lock,
    isCertain: [one, other].some((effect) => effect.lock === lock && effect.isCertain),
    rewrites: worseCertainty(one.rewrites, other.rewrites),
    scans: worseCertainty(one.scans, other.scans),
  };
}

export function worseCertainty(one: Certainty, other: Certainty): Certainty {
  if (one === 'yes' || other === 'yes') {
    return 'yes';
  }
  return one === 'maybe' || other === 'maybe' ? 'maybe' : 'no';
}
