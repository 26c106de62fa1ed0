/** Which kept items are of one table, so that their order matters: what was destroyed last is put back first. */
import type { KeptItem } from './items.js';

/** Whether both are of one table, or of a table and a partition of it. */
export function isOfSameTable(one: KeptItem, other: KeptItem): boolean {
  const [own, others] = [namesOf(one), namesOf(other)];
  return (
    own.some((name) => others.includes(name)) ||
    parentsOf(one).some((name) => others.includes(name)) ||
    parentsOf(other).some((name) => own.includes(name))
  );
}

/**
 * What an earlier rollback or apply could not place, of columns that the script has kept anew since: the newer values
 * win, and these only fill in rows that are missing.
 */
export function supersededIn(items: readonly KeptItem[]): readonly KeptItem[] {
  const anew = items.filter(({ unplaced }) => unplaced === 0);
  return items.filter(
    (item) =>
      item.unplaced > 0 && anew.some((newer) => isOfSameTable(newer, item) && sharesColumn(newer, item)),
  );
}

function sharesColumn(one: KeptItem, { layout }: KeptItem): boolean {
  const names = new Set(one.layout.columns.map(({ name }) => name));
  return layout.columns.some(({ name }) => names.has(name));
}

function namesOf({ schema, name, layout: { after } }: KeptItem): readonly string[] {
  return [`${schema}.${name}`, ...(after ? [`${after.schema}.${after.name}`] : [])];
}

function parentsOf({ layout: { parents = [] } }: KeptItem): readonly string[] {
  return parents.map(({ schema, name }) => `${schema}.${name}`);
}
