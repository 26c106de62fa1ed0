import type { Inventory } from '../inventory.js';
import { keyOf, type Unit } from '../unit.js';
import type { Wait } from './action.js';
import { carriersOf } from './carried.js';
import type { Difference } from './difference.js';
import type { Steps } from './steps.js';

/** What is used goes after its users and comes before them; it changes when those that must go are gone. */
export function waitForUses({ dropped, created, altered, uses }: Difference, steps: Steps, wait: Wait): void {
  const { dropOf, createOf, alterOf, asideOf } = steps;
  /** The change of a unit that others stand on: of a table itself nothing that they use changes. */
  const shapingOf = (key: string) => (/^(table|schema|publication)\0/.test(key) ? undefined : alterOf(key));
  for (const key of dropped) {
    const mine = dropOf(key);
    for (const used of uses(key, 'from')) {
      wait(dropOf(used), mine);
      wait(shapingOf(used), mine);
      wait(asideOf(used), mine);
    }
    wait(createOf(key), asideOf(key) ?? mine);
  }
  for (const key of created) {
    const mine = createOf(key);
    for (const used of uses(key, 'to')) {
      wait(mine, createOf(used));
      wait(mine, shapingOf(used));
    }
  }
  for (const key of altered) {
    const mine = alterOf(key);
    for (const used of uses(key, 'to')) {
      wait(mine, createOf(used));
      wait(mine, shapingOf(used));
    }
    for (const used of uses(key, 'from')) {
      wait(dropOf(used), mine);
    }
  }
}

/** A column comes and changes after its table's privileges, and after the parent's column. */
export function waitForTables(
  { created, altered }: Difference,
  to: Inventory,
  { createOf, alterOf }: Steps,
  wait: Wait,
): void {
  for (const key of [...created, ...altered].filter((each) => each.startsWith('column\0'))) {
    const mine = createOf(key) ?? alterOf(key);
    const column = to.units.get(key) as Unit<'column'>;
    // What is revoked from the whole table is revoked from its columns.
    wait(mine, alterOf(keyOf('table', column.path.slice(0, 2))));
    // The parent's column brings its type and more.
    for (const carrier of carriersOf(column, to)) {
      wait(mine, alterOf(carrier) ?? createOf(carrier));
    }
  }
}
