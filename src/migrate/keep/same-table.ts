/** Which kept items are of one table, so that their order matters: what was destroyed last is put back first. */
import type { KeptItem } from './items.js';

type Named = Pick<KeptItem, 'schema' | 'name' | 'layout'>;

/** Whether both are of one table, as named when the script began, or of a table and a partition of it. */
export function isOfSameTable(one: Named, other: Named): boolean {
  const [own, others] = [nameOf(one), nameOf(other)];
  return own === others || parentsOf(one).includes(others) || parentsOf(other).includes(own);
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

function nameOf({ schema, name }: Pick<KeptItem, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}

function parentsOf({ layout: { parents = [] } }: Named): readonly string[] {
  return parents.map(nameOf);
}
