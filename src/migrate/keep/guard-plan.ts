/** What to keep around one statement: what its text tells, and what the catalogue has shown when it was tried. */
import type { Loss, Snapshot } from './snapshot.js';

export interface GuardPlan {
  /** Tables whose written rows triggers tell. */
  readonly captured: Set<number>;
  /** Tables that are copied before and compared after, all columns or those with these numbers. */
  readonly copied: Map<number, ReadonlySet<number> | undefined>;
  /** Tables that code drops. */
  readonly gone: Set<number>;
  /** Columns that code drops or gives other types, by table. */
  readonly remade: Map<number, RemadeColumns>;
  /** Tables that code inserts into, and a later statement may destroy rows of. */
  readonly inserted: Set<number>;
  /** Sequences whose position is noted, and materialized views. */
  readonly noted: Set<number>;
  /** Sequences that the statement has set back, and what they had given out before: no savepoint undoes that. */
  readonly setBack: Map<number, string>;
  /** Columns that need no keeping, by table. */
  readonly unkept: ReadonlyMap<number, readonly string[]>;
  /** The catalogue is compared too. */
  readonly watchesCatalogue: boolean;
}

/** The numbers of columns that code drops, or gives other types. */
export interface RemadeColumns {
  readonly dropped: readonly number[];
  readonly retyped: readonly number[];
}

/** @param known what the statement's text tells */
export function guardPlan(known: Partial<GuardPlan>): GuardPlan {
  return {
    captured: new Set(),
    copied: new Map(),
    gone: new Set(),
    remade: new Map(),
    inserted: new Set(),
    noted: new Set(),
    setBack: new Map(),
    unkept: new Map(),
    watchesCatalogue: false,
    ...known,
  };
}

/**
 * Adds to the plan what the catalogue shows to be gone.
 * @param before the catalogue before the statement
 * @param madeOf columns of types that have lost attributes
 * @returns what was not in it yet
 */
export function learn(
  plan: GuardPlan,
  loss: Loss,
  before: Snapshot,
  madeOf: ReadonlyMap<number, readonly number[]>,
): string[] {
  const learnt: string[] = [];
  const copy = (oid: number): void => {
    if (!plan.copied.has(oid) || plan.copied.get(oid) !== undefined) {
      plan.copied.set(oid, undefined);
      plan.captured.delete(oid);
      learnt.push(`relation ${oid}`);
    }
  };
  for (const oid of plan.gone) {
    // What code does once it need not do again.
    if (!loss.relations.includes(oid)) {
      plan.gone.delete(oid);
      learnt.push(`relation ${oid}`);
    }
  }
  for (const oid of loss.relations) {
    const kind = before.get(oid)!.kind;
    if (kind === 'r' && !plan.gone.has(oid)) {
      plan.gone.add(oid);
      learnt.push(`relation ${oid}`);
    } else if ((kind === 'S' || kind === 'm') && !plan.noted.has(oid)) {
      plan.noted.add(oid);
      learnt.push(`relation ${oid}`);
    }
  }
  for (const oid of new Set([...loss.columns.keys(), ...loss.retyped.keys()])) {
    const known = plan.remade.get(oid) ?? NOT_REMADE;
    const dropped = union(known.dropped, loss.columns.get(oid));
    const retyped = union(known.retyped, loss.retyped.get(oid));
    const isNews = dropped.length + retyped.length > known.dropped.length + known.retyped.length;
    if (before.get(oid)!.kind === 'r' && isNews) {
      plan.remade.set(oid, { dropped, retyped });
      learnt.push(`columns of relation ${oid}`);
    }
  }
  const changed = [...loss.columns.keys(), ...loss.retyped.keys(), ...loss.rewritten, ...madeOf.keys()];
  for (const oid of changed.filter((each) => before.get(each)?.kind === 'r')) {
    copy(oid);
  }
  return learnt;
}

const NOT_REMADE: RemadeColumns = { dropped: [], retyped: [] };

function union(one: readonly number[], other: readonly number[] = []): readonly number[] {
  return [...new Set([...one, ...other])];
}
