import type { Inventory } from '../inventory.js';
import type { Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import type { StepsOfUnits, Wait } from './action.js';

/** A logged table never refers to an unlogged one, not even in between. */
export function waitForPersistence(
  { from, to }: Scene,
  { dropOf, createOf, alterOf }: StepsOfUnits,
  wait: Wait,
): void {
  const isChanging = (key: string): boolean =>
    alterOf(key) !== undefined && isUnlogged(from, key) !== isUnlogged(to, key);
  for (const [{ units }, isWanted] of [
    [from, false],
    [to, true],
  ] as const) {
    for (const one of units.values()) {
      if (one.kind !== 'constraint' || one.object.kind !== 'foreign key') {
        continue;
      }
      const { schema, table } = one.object.references;
      const [own, target] = [keyOf('table', one.path.slice(0, 2)), keyOf('table', [schema, table])];
      for (const alteration of [alterOf(own), alterOf(target)]) {
        wait(isWanted ? createOf(one.key) : alteration, isWanted ? alteration : dropOf(one.key));
      }
      const isStaying = isWanted && from.units.has(one.key) && createOf(one.key) === undefined;
      if (isStaying && own !== target && isChanging(own) && isChanging(target)) {
        const [first, second] = isUnlogged(to, own) ? [own, target] : [target, own];
        wait(alterOf(second), alterOf(first));
      }
    }
  }
}

function isUnlogged({ units }: Inventory, key: string): boolean {
  return (units.get(key) as Unit<'table'> | undefined)?.object.unlogged === true;
}
