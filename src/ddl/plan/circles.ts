/** What is done where steps wait for each other in a circle. */
import type { Scene } from '../scene.js';
import { keyOf, type UnitKind } from '../unit.js';
import type { Action } from './action.js';
import type { HostOf } from './actions.js';
import type { Difference } from './difference.js';

/** The kinds of units that need not be made or dropped with their table. */
const SEPARABLE: ReadonlySet<string> = new Set(['constraint', 'default']);

/** Notes, of a circle, what is made or dropped with its table and could be by itself. */
export function separateWithin(
  circle: ReadonlySet<number>,
  hostOf: HostOf,
  difference: Difference,
  separate: Set<string>,
): void {
  for (const [keys, kind, side] of [
    [difference.created, 'create', 'to'],
    [difference.dropped, 'drop', 'from'],
  ] as const) {
    for (const key of keys) {
      if (!SEPARABLE.has(key.slice(0, key.indexOf('\0')))) {
        continue;
      }
      const host = hostOf(key, kind);
      if (!host || !circle.has(host.id) || host.unit.key === key) {
        continue;
      }
      const isPartOfCircle = [...difference.uses(key, side)].some((used) => {
        const other = hostOf(used, kind);
        return other !== undefined && other !== host && circle.has(other.id);
      });
      if (isPartOfCircle) {
        separate.add(`${kind}\0${key}`);
      }
    }
  }
}

/** The kinds that hold no data and that can be made again at any time. */
const REPLACEABLE: ReadonlySet<UnitKind> = new Set([
  'policy',
  'rule',
  'view',
  'routine',
  'trigger',
  'default',
  'ownership',
] as const);

/** The units of the circles that can be dropped and made again instead of changed. */
export function replaceableIn(circles: readonly ReadonlySet<number>[], actions: readonly Action[]): string[] {
  return actions
    .filter(
      ({ id, kind, unit }) =>
        kind === 'alter' && REPLACEABLE.has(unit.kind) && circles.some((circle) => circle.has(id)),
    )
    .map(({ unit }) => unit.key);
}

/** The foreign keys that stay between tables that would each have to become logged, or unlogged, before the other. */
export function keysBetween(
  circle: ReadonlySet<number>,
  actions: readonly Action[],
  { created }: Difference,
  { from, to }: Scene,
): string[] {
  const tables = new Set(
    actions.flatMap(({ id, kind, unit }) =>
      kind === 'alter' && unit.kind === 'table' && circle.has(id) ? [unit.key] : [],
    ),
  );
  return [...to.units.values()].flatMap((one) => {
    if (one.kind !== 'constraint' || one.object.kind !== 'foreign key') {
      return [];
    }
    const { schema, table } = one.object.references;
    const ends = [keyOf('table', one.path.slice(0, 2)), keyOf('table', [schema, table])];
    const isStaying = from.units.has(one.key) && !created.has(one.key);
    return isStaying && ends[0] !== ends[1] && ends.every((end) => tables.has(end)) ? [one.key] : [];
  });
}
