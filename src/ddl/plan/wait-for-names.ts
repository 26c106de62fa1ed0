import type { Table } from '../../schema/index.js';
import type { Inventory } from '../inventory.js';
import { namesOfIndex, stayingParts } from '../partition-indexes.js';
import type { Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import type { Action, Wait } from './action.js';

/** What takes the name of something that goes waits for it. Relations, types and indexes share their names. */
export function waitForNames(
  actions: readonly Action[],
  { from, to }: Scene,
  created: ReadonlySet<string>,
  wait: Wait,
): void {
  const going = new Map<string, Action>();
  const coming: (readonly [name: string, action: Action])[] = [];
  for (const action of actions) {
    const { kind, unit, before, aside } = action;
    const renamed =
      kind === 'alter' && unit.kind === 'table'
        ? renamedParts((before as Unit<'table'>).object, unit.object, to, created)
        : [];
    const [old, young] = [
      kind === 'drop' && aside === undefined
        ? takenNames(unit, from)
        : before?.kind === 'column'
          ? takenNames(before, from)
          : renamed.map(([name]) => name),
      kind === 'create' || (kind === 'alter' && unit.kind === 'column')
        ? takenNames(unit, to)
        : renamed.map(([, name]) => name),
    ];
    for (const name of old.filter((one) => !young.includes(one))) {
      going.set(name, action);
    }
    coming.push(...young.filter((one) => !old.includes(one)).map((name) => [name, action] as const));
  }
  for (const [name, action] of coming) {
    wait(action, going.get(name));
  }
}

/** The names of a partition's parts of indexes, before and after, that its change gives other names. */
function renamedParts(
  then: Table,
  now: Table,
  to: Inventory,
  created: ReadonlySet<string>,
): (readonly [string, string])[] {
  return stayingParts(then, now, to, (key) => created.has(key))
    .filter(([old, young]) => old.name !== young.name)
    .map(([old, young]) => [`${then.schema}\0${old.name}`, `${now.schema}\0${young.name}`]);
}

function takenNames(one: Unit, inventory: Inventory): string[] {
  switch (one.kind) {
    case 'table':
      return [
        `${one.object.schema}\0${one.object.name}`,
        ...one.object.indexes.map(({ name }) => `${one.object.schema}\0${name}`),
        ...one.object.columns.flatMap(({ identity }) =>
          identity ? [`${one.object.schema}\0${identity.sequence}`] : [],
        ),
      ];
    case 'view':
      return [
        `${one.object.schema}\0${one.object.name}`,
        ...one.object.indexes.map(({ name }) => `${one.object.schema}\0${name}`),
      ];
    case 'column':
      return one.object.identity ? [`${one.relation!.schema}\0${one.object.identity.sequence}`] : [];
    case 'sequence':
    case 'type':
      return [`${one.object.schema}\0${one.object.name}`];
    case 'index':
    case 'backing index':
      return namesOfIndex(one.relation!, one.object, inventory);
    case 'constraint':
      return [`${one.relation!.schema}\0${one.object.name}`];
    case 'routine':
      return [`${one.object.schema}\0${one.object.name}()`];
    default:
      return [];
  }
}
