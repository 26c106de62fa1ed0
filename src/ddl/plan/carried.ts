/** What a change of a table does to its partitions and heirs too. */
import type { Column } from '../../schema/index.js';
import { type Inventory, parentsOf } from '../inventory.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import type { Difference } from './difference.js';

/** The columns of the parents that a table's column follows. */
export function carriersOf(one: Unit<'column' | 'default'>, inventory: Inventory): string[] {
  const relation = one.relation;
  if (relation?.kind !== 'table') {
    return [];
  }
  return parentsOf(relation)
    .map(({ schema, name }) => keyOf(one.kind, [schema, name, one.path[2]!]))
    .filter((key) => inventory.units.has(key));
}

/** What `alter table` does to the children of a table too. */
export function carrying({ altered }: Difference, { from, to, major }: Scene): Decisions['isCarried'] {
  return (key, property) => {
    const one = to.units.get(key) as Unit<'column'>;
    return carriersOf(one, to).some((carrier) => {
      if (!altered.has(carrier)) {
        return false;
      }
      const then = (from.units.get(carrier) as Unit<'column'>).object;
      const now = (to.units.get(carrier) as Unit<'column'>).object;
      return hasCarried(property, then, now, one.object, major);
    });
  };
}

function hasCarried(property: keyof Column, then: Column, now: Column, own: Column, major: number): boolean {
  switch (property) {
    case 'type':
      return true;
    case 'notNull':
      return then.notNull !== now.notNull && now.notNull === own.notNull;
    case 'generated':
      return JSON.stringify(then.generated) !== JSON.stringify(now.generated);
    case 'identity':
      return major >= 17 && JSON.stringify(then.identity) !== JSON.stringify(now.identity);
    default:
      return false;
  }
}
