/** The order in which tables are filled: what is referred to first, what refers to one another together. */
import type { ForeignKey } from '../../schema/index.js';
import type { FillTable } from './rows/fill-table.js';

/** Tables that are inserted by one statement: one, or several that refer to one another. */
export type FillGroup = readonly FillTable[];

/**
 * The groups by level: those of a level need only rows of the levels before. Tarjan's strongly connected components.
 * @param rootKeyOf the key of the table that holds the rows that a foreign key refers to
 */
export function fillLevels(
  fills: readonly FillTable[],
  rootKeyOf: (key: ForeignKey) => string,
): readonly (readonly FillGroup[])[] {
  const byKey = new Map(fills.map((fill) => [fill.key, fill]));
  const targetsOf = (fill: FillTable): FillTable[] =>
    fill.foreignKeys.flatMap((key) => byKey.get(rootKeyOf(key)) ?? []);
  const groups = connected(fills, targetsOf);
  const levelOf = new Map<FillTable, number>();
  const levels: FillGroup[][] = [];
  // A group comes out after all that it refers to.
  for (const group of groups) {
    const needed = group.flatMap(targetsOf).filter((target) => !group.includes(target));
    const level = Math.max(0, ...needed.map((target) => levelOf.get(target)! + 1));
    for (const fill of group) {
      levelOf.set(fill, level);
    }
    levels[level] = [...(levels[level] ?? []), group];
  }
  return levels;
}

function connected(
  fills: readonly FillTable[],
  targetsOf: (fill: FillTable) => readonly FillTable[],
): FillGroup[] {
  const numbers = new Map<FillTable, number>();
  const lowest = new Map<FillTable, number>();
  const stack: FillTable[] = [];
  const groups: FillGroup[] = [];
  const visit = (fill: FillTable): void => {
    const number = numbers.size;
    numbers.set(fill, number);
    lowest.set(fill, number);
    stack.push(fill);
    for (const target of targetsOf(fill)) {
      if (!numbers.has(target)) {
        visit(target);
        lowest.set(fill, Math.min(lowest.get(fill)!, lowest.get(target)!));
      } else if (stack.includes(target)) {
        lowest.set(fill, Math.min(lowest.get(fill)!, numbers.get(target)!));
      }
    }
    if (lowest.get(fill) === number) {
      groups.push(stack.splice(stack.indexOf(fill)));
    }
  };
  for (const fill of fills) {
    if (!numbers.has(fill)) {
      visit(fill);
    }
  }
  return groups;
}
