import type { Inventory } from '../inventory.js';
import { usesOf } from '../uses.js';

/** What uses what. */
export interface UseGraph {
  readonly uses: (key: string, side: 'from' | 'to') => ReadonlySet<string>;
  /** The units of `from` that use one of it. */
  readonly users: (key: string) => readonly string[];
}

const EMPTY: ReadonlySet<string> = new Set();
export const NO_GRAPH: UseGraph = { uses: () => EMPTY, users: () => [] };

export function useGraph(from: Inventory, to: Inventory): UseGraph {
  const users = new Map<string, string[]>();
  const fromUses = new Map<string, ReadonlySet<string>>();
  const toUses = new Map<string, ReadonlySet<string>>();
  for (const one of from.units.values()) {
    const uses = usesOf(one, from);
    fromUses.set(one.key, uses);
    for (const used of uses) {
      const list = users.get(used);
      if (list) {
        list.push(one.key);
      } else {
        users.set(used, [one.key]);
      }
    }
  }
  return {
    users: (key) => users.get(key) ?? [],
    uses: (key, side) => {
      if (side === 'from') {
        return fromUses.get(key) ?? EMPTY;
      }
      let uses = toUses.get(key);
      if (uses === undefined) {
        const one = to.units.get(key);
        uses = one ? usesOf(one, to) : EMPTY;
        toUses.set(key, uses);
      }
      return uses;
    },
  };
}
