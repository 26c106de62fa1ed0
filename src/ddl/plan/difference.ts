/**
 * Which units go, come and change. A unit that cannot be changed in place, or that uses one that goes, is both dropped
 * and created: so a change spreads to what stands on it, and no further.
 */
import type { ComparisonOptions } from '../../catalog/index.js';
import type { Inventory } from '../inventory.js';
import type { Unit } from '../unit.js';
import { canAlter } from '../write/can-alter.js';
import { changedUnits } from './changed-units.js';
import { effectOn, isReshaped } from './effects.js';
import { NO_GRAPH, type UseGraph, useGraph } from './use-graph.js';

export interface Difference extends UseGraph {
  /** The units of `from` that go, for good or to be made again. */
  readonly dropped: ReadonlySet<string>;
  /** The units of `to` that come. */
  readonly created: ReadonlySet<string>;
  /** Those in both that change in place. */
  readonly altered: ReadonlySet<string>;
  /** The columns whose type stays in name but is made anew. */
  readonly retyped: ReadonlySet<string>;
}

export interface DifferenceInput {
  readonly from: Inventory;
  readonly to: Inventory;
  readonly options: ComparisonOptions;
  readonly major: number;
  /** The units that are made again though they could stay or be changed in place. */
  readonly replaced: ReadonlySet<string>;
}

export function differenceOf({ from, to, options, major, replaced }: DifferenceInput): Difference {
  const changed = changedUnits(from, to, options);
  const dropped = new Set([...from.units.keys()].filter((key) => !to.units.has(key)));
  const created = new Set([...to.units.keys()].filter((key) => !from.units.has(key)));
  const retyped = new Set<string>();
  const isNothing = changed.size + dropped.size + created.size === 0;
  const graph = isNothing ? NO_GRAPH : useGraph(from, to);
  const queue: { readonly key: string; readonly how: 'gone' | 'reshaped' }[] = [];
  const replace = (key: string): void => {
    if (!dropped.has(key)) {
      dropped.add(key);
      queue.push({ key, how: 'gone' });
      if (to.units.has(key)) {
        created.add(key);
      }
    }
  };
  const reshape = (key: string): void => {
    if (!retyped.has(key) && !dropped.has(key)) {
      retyped.add(key);
      queue.push({ key, how: 'reshaped' });
    }
  };
  for (const key of dropped) {
    queue.push({ key, how: 'gone' });
  }
  for (const key of replaced) {
    replace(key);
  }
  for (const key of changed) {
    const [then, now] = [from.units.get(key)!, to.units.get(key)!];
    if (!canAlter(then, now, major)) {
      replace(key);
    } else if (now.kind === 'column' && isReshaped((then as Unit<'column'>).object, now.object)) {
      queue.push({ key, how: 'reshaped' });
    }
  }
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { key, how } = next;
    for (const user of graph.users(key)) {
      if (dropped.has(user) || !to.units.has(user)) {
        continue;
      }
      const effect = effectOn(from.units.get(user)!, from.units.get(key)!, how, {
        from,
        to,
        changed,
        uses: graph.uses,
      });
      if (effect === 'replace') {
        replace(user);
      } else if (effect === 'reshape') {
        reshape(user);
      }
    }
  }
  for (const key of dropped) {
    if (to.units.has(key)) {
      created.add(key);
    }
  }
  const altered = new Set([...changed, ...retyped].filter((key) => !dropped.has(key)));
  return { dropped, created, altered, retyped, uses: graph.uses, users: graph.users };
}
